package dev.muster.drill.port;

import java.time.Duration;

/**
 * Who watches the service beside Kubernetes' own watches: Prometheus, a log store, a database. It
 * writes what it sees into the timeline that it was made with, and files into the run's folder; it
 * judges nothing. What cannot be asked harms no run: the caller writes it as not observed.
 */
public interface Observer extends AutoCloseable {

  /** What is asked, as a report says where it could not be: prometheus, elasticsearch … */
  String name();

  /** The load is about to begin: what watches all the time starts now, on threads of its own. */
  default void begin() {}

  /**
   * Whether there is nothing (more) to wait for before {@link #end}. Asked again and again after
   * the recovery, while the load still goes on; must answer at once.
   *
   * @param sinceUndone since the last fault was undone; the observer itself knows how long what it
   *     waits for may take
   */
  default boolean settled(Duration sinceUndone) {
    return true;
  }

  /**
   * The load has ended and nothing is disturbed any more: asks what is only known now, and writes
   * it. Called once, also after an abort.
   */
  void end() throws InterruptedException;

  /** Ends what watches; {@link #end} may not have been called where the run failed. */
  @Override
  default void close() {}
}
