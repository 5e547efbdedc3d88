package dev.muster.deepseek.api;

import java.util.function.LongSupplier;

/**
 * Bounds how much retries may add to the load: a failing fleet must not get several times the
 * requests that it already fails to answer. Requests earn a share of a retry each, and a floor a
 * second keeps quiet services able to retry.
 *
 * <p>Safe for use by several threads.
 */
final class RetryBudget {
  /** Seconds of the floor that may be saved up. */
  private static final double SAVED_SECONDS = 2;

  private final double ratio;
  private final double perSecond;
  private final LongSupplier nanos;
  private double tokens;
  private long before;

  /**
   * @param ratio retries that one request earns
   * @param perSecond retries that a second earns
   */
  RetryBudget(double ratio, double perSecond, LongSupplier nanos) {
    this.ratio = ratio;
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.before = nanos.getAsLong();
    this.tokens = cap();
  }

  synchronized void request() {
    tokens = Math.min(cap(), tokens + ratio);
  }

  /** Takes one retry, if there is one. */
  synchronized boolean take() {
    var now = nanos.getAsLong();
    tokens = Math.min(cap(), tokens + perSecond * (now - before) / 1e9);
    before = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  private double cap() {
    return Math.max(1 + ratio * 100, perSecond * SAVED_SECONDS);
  }
}
