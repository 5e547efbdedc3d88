package dev.muster.drill.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The clocks and threads of this machine. */
public final class RealTime implements Time {
  /** Seconds since boot, those of suspension too, in hundredths. Linux has it. */
  private static final Path UPTIME = Path.of("/proc/uptime");

  public static final Time TIME = new RealTime();

  private final SteadyClock clock;

  private RealTime() {
    clock = new SteadyClock(Clock.systemUTC(), System::nanoTime, this::nanosWithSleep);
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public Instant wall() {
    return Clock.systemUTC().instant();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public long nanosWithSleep() {
    try {
      String seconds = Files.readString(UPTIME).split(" ", 2)[0];
      return Math.round(Double.parseDouble(seconds) * TimeUnit.SECONDS.toNanos(1));
    } catch (IOException | NumberFormatException e) {
      return nanos();
    }
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  @Override
  public Signal signal() {
    CountDownLatch latch = new CountDownLatch(1);
    return new Signal() {
      @Override
      public void raise() {
        latch.countDown();
      }

      @Override
      public boolean raised() {
        return latch.getCount() == 0;
      }

      @Override
      public boolean await(Duration atMost) throws InterruptedException {
        return latch.await(nanos(atMost), TimeUnit.NANOSECONDS);
      }
    };
  }

  @Override
  public Work start(String name, Runnable body) {
    Thread thread = Thread.ofVirtual().name(name).start(body);
    return new Work() {
      @Override
      public boolean join(Duration atMost) throws InterruptedException {
        return thread.join(Duration.ofNanos(nanos(atMost)));
      }

      @Override
      public void interrupt() {
        thread.interrupt();
      }
    };
  }

  /** Three centuries at most. */
  private static long nanos(Duration time) {
    return TimeUnit.NANOSECONDS.convert(time);
  }
}
