package dev.muster.load.strain;

import java.time.Duration;
import java.time.Instant;

/** Whether the generator itself was in time. Safe for use by several threads. */
public interface Punctuality {

  /**
   * A time in which it was late.
   *
   * @param lag the longest by which something was read late
   */
  record Late(Instant from, Instant to, Duration lag) {}

  /** Whether a request that failed at this moment may have failed by the generator's fault. */
  boolean lateAt(Instant failure);
}
