package dev.muster.deepseek.worker.profile;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;

/**
 * How fast and how large the modelled machine is, in real time: the time scale is already in it.
 *
 * <p>A step takes what a step of decoding takes for as many streams, and on top of it the time in
 * which the prompt tokens of that step are computed. So a large prompt is seen by the other streams
 * as longer gaps between their tokens, each as long as the step's budget of tokens allows. That
 * decoding is bound by memory and hardly grows with the batch while prefill is bound by arithmetic
 * and grows with its tokens, and that a budget bounds the gap, is what SARATHI (arXiv 2308.16369)
 * and Sarathi-Serve (arXiv 2403.02310) found; vLLM names the budget {@code max_num_batched_tokens}.
 * Left out is that attention costs more the longer a context is.
 *
 * @param prefillPerSecond prompt tokens a second, all requests together
 * @param decodePerSecond tokens a second of a stream that has the machine for itself
 * @param maxBatch streams that decode together
 * @param batchSlowdown how much each further stream lengthens a step, as a part of the step
 * @param stepTokens most tokens of a step, decoded and prefilled ones together
 * @param kvBlocks blocks of the KV cache, each of {@code KvCache.BLOCK} tokens
 */
public record Speed(
    double prefillPerSecond,
    double decodePerSecond,
    int maxBatch,
    double batchSlowdown,
    int stepTokens,
    int kvBlocks) {

  /**
   * @param base what is not set is as here
   * @param scale how much faster time passes here
   */
  public static Speed from(Env env, Speed base, double scale) {
    var maxBatch = env.integer("MAX_BATCH", base.maxBatch(), 1, 100_000);
    return new Speed(
        env.number("PREFILL_TOKENS_PER_SECOND", base.prefillPerSecond(), 1, 1e7) * scale,
        env.number("DECODE_TOKENS_PER_SECOND", base.decodePerSecond(), 0.1, 1e5) * scale,
        maxBatch,
        env.number("BATCH_SLOWDOWN", base.batchSlowdown(), 0, 10),
        env.integer(
            "MAX_BATCHED_TOKENS", Math.max(base.stepTokens(), maxBatch), maxBatch, 10_000_000),
        env.integer("KV_BLOCKS", base.kvBlocks(), 1, 10_000_000));
  }

  /** Length of one engine step with this many streams in it. */
  public Duration step(int streams, int prefill) {
    var factor = 1 + batchSlowdown * Math.max(0, streams - 1);
    return Duration.ofNanos(
        (long) (1e9 / decodePerSecond * factor + 1e9 / prefillPerSecond * prefill));
  }
}
