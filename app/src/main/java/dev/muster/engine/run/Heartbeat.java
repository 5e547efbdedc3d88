package dev.muster.engine.run;

import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Notices twice a second whether Muster itself stood still (SIGSTOP, a suspended machine, a long
 * collection of garbage), whether somebody set the clock, and whether the run's record can still be
 * written. What happened while it did not watch, nobody saw.
 */
final class Heartbeat implements AutoCloseable {
  static final Duration BEAT = Duration.ofMillis(500);

  /** A busy machine is late by this much every now and then. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** A clock that is slewed, not set, goes wrong by half a millisecond a second. */
  private static final Duration STEP = Duration.ofSeconds(1);

  /** The two clocks are read within this much, or again. */
  private static final long TOGETHER_NANOS = 50_000_000;

  private final Time time;
  private final Consumer<Event> timeline;
  private final Runnable record;
  private final Time.Signal closed;
  private Clocks before;
  private Duration told = Duration.ZERO;
  private final Clocks first;

  /**
   * @param nanos that went on while the machine ran
   * @param all nanos, with those in which it was suspended
   * @param at the run's own time, which is not set
   */
  private record Clocks(long nanos, long all, Instant at, Instant wall) {

    /** Both at one moment: a pause between them would be taken for a step of one. */
    static Clocks read(Time time) {
      for (int attempt = 0; ; attempt++) {
        long began = time.nanos();
        Clocks clocks = new Clocks(began, time.nanosWithSleep(), time.instant(), time.wall());
        if (time.nanos() - began < TOGETHER_NANOS || attempt == 5) {
          return clocks;
        }
      }
    }

    Duration since(Clocks earlier) {
      return Duration.ofNanos(Math.max(nanos - earlier.nanos, all - earlier.all));
    }
  }

  /**
   * @param record looks whether the run's record can be written, and asks for an abort if not
   */
  Heartbeat(Time time, Consumer<Event> timeline, Runnable record) {
    this.time = time;
    this.timeline = timeline;
    this.record = record;
    this.closed = time.signal();
    this.first = Clocks.read(time);
    this.before = first;
  }

  Heartbeat start() {
    time.start("heartbeat", this::run);
    return this;
  }

  private void run() {
    try {
      while (!closed.await(BEAT)) {
        try {
          beat();
        } catch (RuntimeException e) {
          // the record cannot be written: the abort is asked for, and the next beat looks again
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    Clocks last = before;
    Clocks now = Clocks.read(time);
    before = now;
    Duration passed = now.since(last);
    if (passed.compareTo(BEAT.plus(LONGEST)) > 0) {
      timeline.accept(new Event.EnginePaused(Stamp.engine(now.at), last.at, passed));
    }
    Duration apart = Duration.between(first.wall, now.wall).minus(now.since(first));
    Duration step = apart.minus(told);
    if (step.abs().compareTo(STEP) > 0) {
      told = apart;
      timeline.accept(new Event.ClockStepped(Stamp.engine(now.at), step));
    }
    record.run();
  }

  @Override
  public void close() {
    closed.raise();
  }
}
