package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;

/**
 * How fast the modelled machine is, in real time: the time scale is already in it.
 *
 * @param load from start to ready
 * @param prefillPerSecond prompt tokens a second, all requests together
 * @param decodePerSecond tokens a second of a stream that has the machine for itself
 * @param maxBatch streams that decode together
 * @param batchSlowdown how much each further stream lengthens a step, as a part of the step
 */
record Speed(
    Duration load,
    double prefillPerSecond,
    double decodePerSecond,
    int maxBatch,
    double batchSlowdown) {

  /**
   * The published figures of a node of eight H800 in DeepSeek's own deployment: 73.7k prompt tokens
   * a second, 20 to 22 tokens a second for a stream; 14.8k decoded tokens a second make a batch of
   * 672. Loading takes minutes there; ten are assumed.
   */
  private static final Speed H800 = new Speed(Duration.ofMinutes(10), 73_700, 22, 672, 0.0);

  /** A small machine whose behaviour is felt within seconds. */
  private static final Speed LAB = new Speed(Duration.ofSeconds(6), 8_000, 50, 64, 0.005);

  static Speed from(Env env) {
    var base =
        switch (env.text("PROFILE", "lab")) {
          case "lab" -> LAB;
          case "h800" -> H800;
          default -> {
            env.problem("PROFILE=" + env.text("PROFILE", "") + ": expected lab or h800");
            yield LAB;
          }
        };
    // 60 means: what takes a minute on the modelled machine takes a second here
    var scale = env.number("TIME_SCALE", 1, 0.001, 100_000);
    var load = env.number("MODEL_LOAD_SECONDS", base.load().toMillis() / 1e3, 0, 86_400);
    return new Speed(
        Duration.ofNanos((long) (load * 1e9 / scale)),
        env.number("PREFILL_TOKENS_PER_SECOND", base.prefillPerSecond(), 1, 1e7) * scale,
        env.number("DECODE_TOKENS_PER_SECOND", base.decodePerSecond(), 0.1, 1e5) * scale,
        env.integer("MAX_BATCH", base.maxBatch(), 1, 100_000),
        env.number("BATCH_SLOWDOWN", base.batchSlowdown(), 0, 10));
  }

  /** Length of one engine step with this many streams in it. */
  Duration step(int batch) {
    var factor = 1 + batchSlowdown * Math.max(0, batch - 1);
    return Duration.ofNanos((long) (1e9 / decodePerSecond * factor));
  }
}
