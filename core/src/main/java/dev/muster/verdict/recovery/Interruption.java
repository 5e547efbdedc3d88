package dev.muster.verdict.recovery;

import static java.util.Objects.requireNonNullElse;

import dev.muster.timeline.Request;
import dev.muster.verdict.finding.History;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A time in which clients could not rely on the service.
 *
 * <p>Each request counts at the moment when it was intended, one that was served for more than 5 s
 * and broke off at its last token; one that was in flight at the fault counts at the fault or
 * later. Seconds from the fault on in which fewer than 95 % of the requests got their full answer
 * are bad; bad seconds with less than 5 s between them are one interruption, and so are those
 * between which nobody got an answer. A late but full answer is an answer: how late is told by
 * latency, not here. A request that the generator never sent says nothing about the service and
 * does not count.
 *
 * <p>Requests are samples. It lasted at least from its first to its last failed request, so that a
 * single failed request is an interruption of 0 s, and at most from the last success before to the
 * first one after. A success shows that the service was there when its first token came (where
 * answers have none, their first byte), however early it was asked.
 *
 * @param start when the first failed request was intended, or the fault
 * @param end when the last failed request was intended
 * @param failed requests without a full answer in it
 * @param all requests in its seconds
 * @param earliest the last success before; the fault where there was none since
 * @param latest the first success after; null where none was seen any more
 */
public record Interruption(
    Instant start, Instant end, long failed, long all, Instant earliest, @Nullable Instant latest) {
  private static final double GOOD_SHARE = 0.95;
  private static final int JOINED_BELOW_SECONDS = 5;
  private static final Duration SERVED = Duration.ofSeconds(JOINED_BELOW_SECONDS);

  /** The longest; empty where no fault was injected or no second was bad. */
  public static Optional<Interruption> of(History history) {
    return Recovery.of(history).flatMap(Interruption::of);
  }

  /** The shortest time that fits what was seen. */
  public double seconds() {
    return Recovery.seconds(start, end);
  }

  /** The longest time that fits what was seen; infinite where no success was seen after it. */
  public double atMost() {
    return latest == null ? Double.POSITIVE_INFINITY : Recovery.seconds(earliest, latest);
  }

  public static Optional<Interruption> of(Recovery recovery) {
    return all(recovery).stream()
        .max(
            Comparator.comparingDouble(Interruption::seconds)
                .thenComparingDouble(Interruption::atMost)
                .thenComparing(Interruption::start));
  }

  /** In the order of time. */
  public static List<Interruption> all(Recovery recovery) {
    var seconds = new TreeMap<Long, Second>();
    for (var request : recovery.requests()) {
      if (!request.ofGenerator()) {
        var felt = felt(request, recovery.fault());
        long index = Duration.between(recovery.fault(), felt).toSeconds();
        seconds.merge(index, Second.of(request, felt), Second::and);
      }
    }
    var successes = successes(recovery);
    var found = new ArrayList<Interruption>();
    Second span = null;
    long last = Long.MIN_VALUE;
    for (var entry : seconds.entrySet()) {
      var second = entry.getValue();
      if (!second.bad()) {
        continue;
      }
      boolean joined =
          span != null
              && (entry.getKey() - last - 1 < JOINED_BELOW_SECONDS
                  || successes.between(span.lastBad, second.firstBad).isEmpty());
      if (span != null && !joined) {
        found.add(span.interruption(successes, recovery.fault()));
      }
      span = joined && span != null ? span.and(second) : second;
      last = entry.getKey();
    }
    if (span != null) {
      found.add(span.interruption(successes, recovery.fault()));
    }
    return List.copyOf(found);
  }

  /**
   * The longest time between two successes, from the fault to the first one, or from the last one
   * to the end of the recovery: an outage as long as this would be in no request.
   */
  public static double unseen(Recovery recovery) {
    double longest = 0;
    var before = recovery.fault();
    for (var success : successes(recovery).at()) {
      longest = Math.max(longest, Recovery.seconds(before, success));
      before = success;
    }
    return Math.max(longest, Recovery.seconds(before, recovery.watchedUntil()));
  }

  private static Successes successes(Recovery recovery) {
    return new Successes(
        recovery.requests().stream()
            .filter(Request::answered)
            .map(r -> after(recovery.fault(), requireNonNullElse(r.firstSign(), r.intended())))
            .sorted()
            .toList());
  }

  /** When a request counts. */
  public static Instant felt(Request request, Instant fault) {
    var last = request.lastToken();
    return after(
        fault,
        !request.answered() && last != null && last.isAfter(request.intended().plus(SERVED))
            ? last
            : request.intended());
  }

  private static Instant after(Instant fault, Instant at) {
    return at.isBefore(fault) ? fault : at;
  }

  /** Whether a request that counts then is one of its. */
  public boolean holds(Instant felt) {
    return !felt.isBefore(start) && !felt.isAfter(end);
  }

  private record Successes(List<Instant> at) {
    List<Instant> between(Instant from, Instant to) {
      return at.stream().filter(s -> s.isAfter(from) && s.isBefore(to)).toList();
    }

    Optional<Instant> before(Instant start) {
      return at.stream().filter(s -> !s.isAfter(start)).reduce((_, later) -> later);
    }

    Optional<Instant> after(Instant end) {
      return at.stream().filter(s -> s.isAfter(end)).findFirst();
    }
  }

  /**
   * What was felt in one second, or in several bad ones. Without a failure the times are unused.
   */
  private record Second(Instant firstBad, Instant lastBad, long failed, long all) {
    static Second of(Request request, Instant felt) {
      return request.answered()
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

    Interruption interruption(Successes successes, Instant fault) {
      return new Interruption(
          firstBad,
          lastBad,
          failed,
          all,
          successes.before(firstBad).orElse(fault),
          successes.after(lastBad).orElse(null));
    }
  }
}
