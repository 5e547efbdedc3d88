package dev.muster.load;

import dev.muster.drill.Drill;
import java.util.SplittableRandom;

/**
 * When requests are meant to be sent: offsets in nanoseconds from the origin, independent of any
 * answer. The same seed gives the same schedule. Not safe for several threads.
 */
public final class Schedule {
  private static final double NANOS = 1e9;

  private final Drill.Arrivals arrivals;
  private final SplittableRandom random;
  private double next;

  public Schedule(Drill.Arrivals arrivals, long seed) {
    this.arrivals = arrivals;
    this.random = new SplittableRandom(seed);
  }

  /** The next offset; never decreases. */
  public long next() {
    next +=
        switch (arrivals.pattern()) {
          case CONSTANT -> NANOS / arrivals.perSecond();
          // exponential gaps make a Poisson process
          case POISSON -> -Math.log(1 - random.nextDouble()) * NANOS / arrivals.perSecond();
        };
    return (long) next;
  }
}
