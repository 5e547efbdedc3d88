package dev.muster.fault;

import dev.muster.drill.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One deed or undo of a fault at a time. Both may take minutes, so that whoever comes meanwhile
 * waits by the clock of the run and not for a lock. Safe for several threads.
 */
final class FaultMutex {
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Time time;
  private Time.@Nullable Signal taken;

  FaultMutex(Time time) {
    this.time = time;
  }

  /**
   * Returns when it is the caller's, who must {@link #give} it back. An interrupt does not cut the
   * wait short: no fault is left because of one.
   */
  void take() {
    boolean interrupted = false;
    Time.Signal others = others();
    while (others != null) {
      try {
        others.await(LOOK);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (others.raised()) {
        others = others();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Null where it was free, and is the caller's from now on. */
  private synchronized Time.@Nullable Signal others() {
    if (taken != null) {
      return taken;
    }
    taken = time.signal();
    return null;
  }

  void give() {
    Time.Signal mine;
    synchronized (this) {
      mine = taken;
      taken = null;
    }
    if (mine != null) {
      mine.raise();
    }
  }
}
