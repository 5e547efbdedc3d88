package dev.muster.fault;

import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** A clock that the test sets, pauses that end when the test says so, and real threads. */
record HandTime(InstantSource clock, Sleeper sleeper) implements Time {

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(clock.millis());
  }

  @Override
  public long nanosWithSleep() {
    return nanos();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    sleeper.of(time);
  }

  @Override
  public Signal signal() {
    return RealTime.TIME.signal();
  }

  @Override
  public Work start(String name, Runnable body) {
    return RealTime.TIME.start(name, body);
  }
}
