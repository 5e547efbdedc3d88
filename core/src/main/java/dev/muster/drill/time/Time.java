package dev.muster.drill.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * The only way to know what time it is, to wait, and to do things at the same time. Tests put a
 * time of their own in its place, that passes when everybody waits. Safe for several threads.
 */
public interface Time extends InstantSource {

  /**
   * What the wall clock said when Muster began, and what has passed since: for stamps. Nobody sets
   * it, so that the difference of two stamps is the time between them.
   */
  @Override
  Instant instant();

  /** What the wall clock says, which may be set, forwards and back: for nobody but who tells so. */
  default Instant wall() {
    return instant();
  }

  /** Nanoseconds since some moment; never goes back. It may stand still while a machine sleeps. */
  long nanos();

  /** As {@link #nanos}, but counts also while the machine is suspended, where that can be known. */
  long nanosWithSleep();

  /** Returns when so much time has passed; at once where it is zero or less. */
  void sleep(Duration time) throws InterruptedException;

  /** A moment so far from now, whatever the wall clock is set to meanwhile. */
  default Deadline in(Duration length) {
    return new Deadline(this, nanos() + TimeUnit.NANOSECONDS.convert(length));
  }

  /**
   * A moment of a time.
   *
   * @param at on its {@link #nanos}
   */
  record Deadline(Time time, long at) {
    public boolean over() {
      return time.nanos() - at >= 0;
    }
  }

  Signal signal();

  /** Begins work on a thread of its own. What it throws is lost. */
  Work start(String name, Runnable body);

  /** Something that happens once. */
  interface Signal {
    void raise();

    boolean raised();

    /** True as soon as it was raised; false when the time is over. */
    boolean await(Duration atMost) throws InterruptedException;
  }

  /** Work that was begun. */
  interface Work {
    /** Waits for its end; false when the time is over. */
    boolean join(Duration atMost) throws InterruptedException;

    void interrupt();
  }
}
