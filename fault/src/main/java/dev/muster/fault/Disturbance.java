package dev.muster.fault;

/**
 * One fault on one victim. Each method blocks, writes its events, and may be called again. Safe for
 * several threads.
 */
public interface Disturbance {

  /** Unique in a run. */
  String id();

  /**
   * Announces the fault with its undo, injects it, looks for the effect; false if that was not
   * seen.
   */
  boolean inject() throws InterruptedException;

  /**
   * Undoes; true if the undo was verified. Tries to undo even if the journal can not be written.
   */
  boolean revert(String why);
}
