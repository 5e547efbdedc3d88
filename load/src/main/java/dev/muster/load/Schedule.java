package dev.muster.load;

import dev.muster.drill.Drill.Arrivals;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * When an open-loop load wants its requests sent: offsets from the start of the load, ascending and
 * without end. Depends on nothing but arrivals and seed, above all not on the answers: a slow
 * service does not get fewer requests.
 *
 * @param arrivals with a positive, finite rate
 */
public record Schedule(Arrivals arrivals, long seed) {
  private static final double NANOS_PER_SECOND = 1e9;

  public Schedule {
    double rate = arrivals.perSecond();
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("load.arrivals: the rate must be positive, not " + rate);
    }
  }

  /** Offsets in nanoseconds; every call gives the same endless sequence. Not for parallel use. */
  public LongStream offsetsNanos() {
    return LongStream.generate(
        switch (arrivals.pattern()) {
          case CONSTANT -> constant();
          case POISSON -> poisson();
        });
  }

  private LongSupplier constant() {
    var next = new long[1];
    // from the count, not from the last offset: no rounding error adds up
    return () -> Math.round(next[0]++ * NANOS_PER_SECOND / arrivals.perSecond());
  }

  private LongSupplier poisson() {
    var random = new SplittableRandom(seed);
    var seconds = new double[1];
    return () -> {
      seconds[0] -= Math.log1p(-random.nextDouble()) / arrivals.perSecond();
      return Math.round(seconds[0] * NANOS_PER_SECOND);
    };
  }
}
