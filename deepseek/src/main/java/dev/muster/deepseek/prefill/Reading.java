package dev.muster.deepseek.prefill;

import java.time.Duration;

/** A prompt that an engine reads. */
public interface Reading {
  /**
   * Waits until all of it is read.
   *
   * @return false if the time ran out
   */
  boolean read(Duration atMost) throws InterruptedException;

  /** Whether the engine has lost it and will not read it. */
  boolean failed();

  /** Tokens that were not computed, because another one began alike. */
  int cached();

  /** Nobody wants it any more. */
  void cancel();
}
