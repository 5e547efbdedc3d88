package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The longest time in which clients could not rely on the service.
 *
 * <p>Each request counts at the moment when it was intended; one that was in flight at the fault
 * counts at the fault. Seconds from the fault on in which fewer than 95 % of the requests got their
 * full answer are bad; bad seconds with less than 5 s between them are one interruption. It lasts
 * from the first to the last failed request in it, so that a single failed request is an
 * interruption of 0 s. A late but full answer is an answer: how late is told by latency, not here.
 * A request that the generator never sent says nothing about the service and does not count.
 *
 * @param start when the first failed request was intended, or the fault
 * @param end when the last failed request was intended
 * @param failed requests without a full answer in it
 * @param all requests in its seconds
 */
public record Interruption(Instant start, Instant end, long failed, long all) {
  private static final double GOOD_SHARE = 0.95;
  private static final int JOINED_BELOW_SECONDS = 5;

  /** Empty where no fault was injected or no second was bad. */
  public static Optional<Interruption> of(History history) {
    return Recovery.of(history).flatMap(Interruption::of);
  }

  public double seconds() {
    return Recovery.seconds(start, end);
  }

  static Optional<Interruption> of(Recovery recovery) {
    var seconds = new TreeMap<Long, Second>();
    for (var request : recovery.requests()) {
      if (request.outcome() != Outcome.NOT_SENT) {
        var felt = felt(request, recovery.fault());
        long index = Duration.between(recovery.fault(), felt).toSeconds();
        seconds.merge(index, Second.of(request, felt), Second::and);
      }
    }
    Optional<Interruption> longest = Optional.empty();
    Second span = null;
    long last = Long.MIN_VALUE;
    for (var entry : seconds.entrySet()) {
      if (!entry.getValue().bad()) {
        continue;
      }
      boolean joined = span != null && entry.getKey() - last - 1 < JOINED_BELOW_SECONDS;
      span = joined && span != null ? span.and(entry.getValue()) : entry.getValue();
      last = entry.getKey();
      longest = longer(longest, span.interruption());
    }
    return longest;
  }

  private static Optional<Interruption> longer(Optional<Interruption> a, Interruption b) {
    return a.filter(known -> known.seconds() > b.seconds()).or(() -> Optional.of(b));
  }

  private static Instant felt(Request request, Instant fault) {
    return request.intended().isBefore(fault) ? fault : request.intended();
  }

  /**
   * What was felt in one second, or in several bad ones. Without a failure the times are unused.
   */
  private record Second(Instant firstBad, Instant lastBad, long failed, long all) {
    static Second of(Request request, Instant felt) {
      return request.outcome().good()
          ? new Second(Instant.MAX, Instant.MIN, 0, 1)
          : new Second(felt, felt, 1, 1);
    }

    Second and(Second other) {
      return new Second(
          firstBad.isBefore(other.firstBad) ? firstBad : other.firstBad,
          lastBad.isAfter(other.lastBad) ? lastBad : other.lastBad,
          failed + other.failed,
          all + other.all);
    }

    boolean bad() {
      return (double) (all - failed) / all < GOOD_SHARE;
    }

    Interruption interruption() {
      return new Interruption(firstBad, lastBad, failed, all);
    }
  }
}
