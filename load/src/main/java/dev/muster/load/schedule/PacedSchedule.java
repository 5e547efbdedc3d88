package dev.muster.load.schedule;

import dev.muster.drill.Arrivals;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Requests at a rate, without end. A rate that changes rescales the time of one that is 1: where
 * the n-th request of that is due, so many were due of this one.
 */
record PacedSchedule(Arrivals.Paced arrivals, long seed) implements Schedule {
  private static final double NANOS_PER_SECOND = 1e9;

  @Override
  public LongStream offsetsNanos() {
    return DoubleStream.generate(
            switch (arrivals.pattern()) {
              case CONSTANT -> counted();
              case POISSON -> random();
            })
        .mapToLong(due -> Math.round(arrivals.rate().after(due) * NANOS_PER_SECOND));
  }

  /** From the count, not from the last: no rounding error adds up. */
  private static DoubleSupplier counted() {
    var next = new long[1];
    return () -> next[0]++;
  }

  private DoubleSupplier random() {
    var random = new SplittableRandom(seed);
    var due = new double[1];
    return () -> due[0] -= Math.log1p(-random.nextDouble());
  }

  @Override
  public Optional<Duration> length() {
    return Optional.empty();
  }
}
