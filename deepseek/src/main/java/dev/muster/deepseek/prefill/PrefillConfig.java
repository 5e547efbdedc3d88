package dev.muster.deepseek.prefill;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;

/**
 * How work is divided, and what the KV cache takes on its way from one worker to another. Sources
 * of the figures are in the chart's README under Prefill and decode apart.
 *
 * @param bytesPerToken of the KV cache
 * @param bytesPerSecond of a prefill worker's link, in real time: the time scale is already in it
 * @param promptsPerSecond tokens that a prefill worker reads in a second, in real time
 * @param timeout so long one is waited for, beside the time that it needs to read what it owes
 */
public record PrefillConfig(
    Role role,
    int bytesPerToken,
    double bytesPerSecond,
    double promptsPerSecond,
    Duration timeout) {
  /** 61 layers, each with a latent of 512 and a position of 64 numbers of two bytes. */
  private static final int DEEPSEEK_V3 = 61 * (512 + 64) * 2;

  /**
   * Reads {@code ROLE}, {@code KV_BYTES_PER_TOKEN}, {@code KV_GIGABYTES_PER_SECOND} and {@code
   * PREFILL_TIMEOUT}. Mistakes are noted there.
   *
   * @param gigabytesPerSecond of the link, where none is set
   * @param promptsPerSecond as here
   * @param scale how much faster time passes here
   */
  public static PrefillConfig from(
      Env env, double gigabytesPerSecond, double promptsPerSecond, double scale) {
    return new PrefillConfig(
        env.one("ROLE", Role.class, Role.BOTH),
        env.integer("KV_BYTES_PER_TOKEN", DEEPSEEK_V3, 1, 100_000_000),
        env.number("KV_GIGABYTES_PER_SECOND", gigabytesPerSecond, 0.001, 100_000) * 1e9 * scale,
        promptsPerSecond,
        env.duration("PREFILL_TIMEOUT", "3s"));
  }

  long bytes(int tokens) {
    return (long) tokens * bytesPerToken;
  }

  /** How long the cache of so many tokens takes to pass, where nothing else does. */
  Duration handOver(int tokens) {
    return Duration.ofNanos(Math.round(bytes(tokens) / bytesPerSecond * 1e9));
  }

  /**
   * How long a prefill worker is waited for.
   *
   * @param owed tokens that it has to read and hand over until then
   */
  Duration patience(long owed) {
    var seconds = owed / promptsPerSecond + (double) owed * bytesPerToken / bytesPerSecond;
    return timeout.plusNanos(Math.round(seconds * 1e9));
  }
}
