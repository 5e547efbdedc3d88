package dev.muster.fault;

import java.time.Duration;

/**
 * One fault on one victim. Each method blocks, writes its events, and may be called again. Safe for
 * several threads.
 */
public interface FaultInjection {

  /** Unique in a run. */
  String id();

  /**
   * Announces the fault with its undo, injects it, looks for the effect; false if that was not
   * seen.
   */
  boolean inject() throws InterruptedException;

  /**
   * What went by between the call of {@link #inject} and the injection, as far as that is over: an
   * agent's pod has to start first, and how things are before has to be looked at. A fault lasts
   * from its injection on; one that takes its time, from when it was seen to be done, and then that
   * time counts too.
   */
  default Duration arming() {
    return Duration.ZERO;
  }

  /**
   * Looks at the effect once more while the fault is held, and tells what became of it. To be
   * called about once a second; looks more seldom by itself. What is done at once has nothing to
   * look at.
   */
  default void look() throws InterruptedException {}

  /**
   * Undoes; true if somebody else than the one who undid it saw that it is undone. Tries to undo
   * even if the journal cannot be written.
   */
  boolean revert(String why);
}
