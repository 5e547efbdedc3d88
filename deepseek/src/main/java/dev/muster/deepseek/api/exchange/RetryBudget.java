package dev.muster.deepseek.api.exchange;

import java.util.function.LongSupplier;

/**
 * Bounds how much retries may add to the load: a failing fleet must not get several times the
 * requests that it already fails to answer. Requests earn a share of a retry each. A floor a second
 * keeps quiet services able to retry; where requests earn more than it, it adds nothing.
 *
 * <p>Safe for use by several threads.
 */
public final class RetryBudget {
  /** Seconds of the floor that may be saved up. */
  private static final double SAVED_SECONDS = 2;

  /** Requests whose earnings may be saved up: the loss of one worker needs its retries at once. */
  private static final double SAVED_REQUESTS = 200;

  private final double ratio;
  private final double perSecond;
  private final LongSupplier nanos;
  private double earned;
  private double floor;
  private long before;

  /**
   * @param ratio retries that one request earns
   * @param perSecond retries that a second earns
   */
  public RetryBudget(double ratio, double perSecond, LongSupplier nanos) {
    this.ratio = ratio;
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.before = nanos.getAsLong();
    this.earned = cap();
  }

  synchronized void request() {
    earned = Math.min(cap(), earned + ratio);
    floor = Math.max(0, floor() - ratio);
  }

  /** Takes one retry, if there is one. */
  synchronized boolean take() {
    if (earned >= 1) {
      earned--;
      return true;
    }
    floor = floor();
    if (floor < 1) {
      return false;
    }
    floor--;
    return true;
  }

  private double floor() {
    var now = nanos.getAsLong();
    var sum = floor + perSecond * (now - before) / 1e9;
    before = now;
    return Math.min(perSecond * SAVED_SECONDS, sum);
  }

  private double cap() {
    return 1 + ratio * SAVED_REQUESTS;
  }
}
