package dev.muster.load.schedule;

import dev.muster.drill.Arrivals;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * When an open-loop load wants its requests sent. Depends on nothing but arrivals and seed, above
 * all not on the answers: a slow service does not get fewer requests.
 */
public interface Schedule {

  /**
   * @throws dev.muster.drill.file.DrillException if a trace cannot be read
   */
  static Schedule of(Arrivals arrivals, long seed) {
    return switch (arrivals) {
      case Arrivals.Paced paced -> new PacedSchedule(paced, seed);
      case Arrivals.Trace trace -> TraceFile.read(trace, seed);
    };
  }

  /** Of the random part, so that somebody can repeat it. */
  long seed();

  /**
   * Offsets from the start of the load in nanoseconds, ascending; every call gives the same. Ends
   * where the load does, if ever. Not for parallel use.
   */
  LongStream offsetsNanos();

  /** From the first to the last; empty where there is no end. */
  Optional<Duration> length();
}
