package dev.muster.engine.wiring;

import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import java.time.Duration;
import java.time.Instant;

/** Real threads whose hours are short: {@code factor} seconds pass in one. */
final class FastTime implements Time {
  private final int factor;
  private final Instant begin = RealTime.TIME.instant();
  private final long began = RealTime.TIME.nanos();

  FastTime(int factor) {
    this.factor = factor;
  }

  @Override
  public Instant instant() {
    return begin.plusNanos(nanos());
  }

  @Override
  public long nanos() {
    return factor * (RealTime.TIME.nanos() - began);
  }

  @Override
  public long nanosWithSleep() {
    return nanos();
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    RealTime.TIME.sleep(time.dividedBy(factor));
  }

  @Override
  public Signal signal() {
    Signal real = RealTime.TIME.signal();
    return new Signal() {
      @Override
      public void raise() {
        real.raise();
      }

      @Override
      public boolean raised() {
        return real.raised();
      }

      @Override
      public boolean await(Duration atMost) throws InterruptedException {
        return real.await(atMost.dividedBy(factor));
      }
    };
  }

  @Override
  public Work start(String name, Runnable body) {
    return RealTime.TIME.start(name, body);
  }
}
