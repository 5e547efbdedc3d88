package dev.muster.load.schedule;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/** Requests at recorded times, the first of them at once. */
public final class TraceSchedule implements Schedule {
  private final long[] offsets;
  private final long seed;

  /**
   * @param nanos at least one, in any order and from any origin
   * @param seed chooses nothing here
   */
  public TraceSchedule(long[] nanos, long seed) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    offsets = Arrays.stream(sorted).map(at -> at - sorted[0]).toArray();
    this.seed = seed;
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public LongStream offsetsNanos() {
    return Arrays.stream(offsets);
  }

  @Override
  public Optional<Duration> length() {
    return Optional.of(Duration.ofNanos(offsets[offsets.length - 1]));
  }
}
