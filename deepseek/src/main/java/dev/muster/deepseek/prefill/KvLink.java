package dev.muster.deepseek.prefill;

import java.time.Duration;

/**
 * A worker's link to others, on which one KV cache passes after the other, in the order in which
 * they were ready. Safe for use by several threads.
 */
final class KvLink {
  private long free = Long.MIN_VALUE;

  /**
   * @param now in nanoseconds from any origin
   * @param length how long it takes alone
   * @return when it is over
   */
  synchronized long reserve(long now, Duration length) {
    free = Math.max(free, now) + length.toNanos();
    return free;
  }
}
