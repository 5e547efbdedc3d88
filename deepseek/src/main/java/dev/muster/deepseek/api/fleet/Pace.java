package dev.muster.deepseek.api.fleet;

/**
 * How far apart a worker's tokens come lately: all its streams together, older gaps counting less.
 * Gaps are kept in buckets whose bounds double, so that this costs a few bytes and nanoseconds.
 *
 * <p>Safe for use by several threads.
 */
final class Pace {
  /** With fewer gaps one slow token would pass for the pace. */
  private static final int KNOWN = 32;

  private static final int MOST = 4096;
  private static final int SMALLEST_BITS = 20; // 2^20 ns are a millisecond
  private static final int BUCKETS = 64 - SMALLEST_BITS;

  private final int[] counts = new int[BUCKETS];
  private int total;
  private volatile long p99;

  synchronized void gap(long nanos) {
    counts[bucket(nanos)]++;
    total++;
    if (total >= MOST) {
      forgetHalf();
    }
    if (total % KNOWN == 0) {
      p99 = upperBoundOf99Percent();
    }
  }

  /** Nanoseconds that 99 of 100 gaps do not exceed, at most doubled; 0 while too few are known. */
  long p99() {
    return p99;
  }

  private static int bucket(long nanos) {
    var bits = 64 - Long.numberOfLeadingZeros(Math.max(0, nanos));
    return Math.clamp(bits - SMALLEST_BITS, 0, BUCKETS - 1);
  }

  private void forgetHalf() {
    total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] /= 2;
      total += counts[i];
    }
  }

  private long upperBoundOf99Percent() {
    var above = total;
    for (int i = 0; i < BUCKETS; i++) {
      above -= counts[i];
      if (above <= total / 100) {
        return 1L << Math.min(62, SMALLEST_BITS + i);
      }
    }
    return Long.MAX_VALUE;
  }
}
