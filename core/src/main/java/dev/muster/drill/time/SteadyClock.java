package dev.muster.drill.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock that nobody sets: what the wall clock said when this was made, and what has passed since.
 * It never goes back, and the difference of two of its times is the time between them. Safe for use
 * by several threads.
 */
final class SteadyClock implements InstantSource {
  /** How long it is believed that the machine was not suspended. */
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);

  /** Hundredths of a second are all that a kernel tells of suspension. */
  private static final long SLEPT = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private final LongSupplier nanosWithSleep;
  private final Instant origin;
  private final long began;
  private final long beganWithSleep;
  private final AtomicLong slept = new AtomicLong();
  private final AtomicLong looked;

  /**
   * @param nanos monotonic; may stand still while the machine is suspended
   * @param nanosWithSleep monotonic, and goes on then
   */
  SteadyClock(InstantSource wall, LongSupplier nanos, LongSupplier nanosWithSleep) {
    this.nanos = nanos;
    this.nanosWithSleep = nanosWithSleep;
    beganWithSleep = nanosWithSleep.getAsLong();
    began = nanos.getAsLong();
    origin = wall.instant();
    looked = new AtomicLong(began);
  }

  @Override
  public Instant instant() {
    long now = nanos.getAsLong();
    long before = looked.get();
    if (now - before > LOOK && looked.compareAndSet(before, now)) {
      long asleep = (nanosWithSleep.getAsLong() - beganWithSleep) - (now - began);
      slept.updateAndGet(known -> asleep - known > SLEPT ? asleep : known);
    }
    return origin.plusNanos(now - began + slept.get());
  }
}
