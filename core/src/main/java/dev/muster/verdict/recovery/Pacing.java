package dev.muster.verdict.recovery;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the generator kept to its schedule from the second before the fault to the end of the load,
 * by the ledger's own rows. A stall of half a second costs an interruption no more than that, and a
 * busy machine has one now and then; what is longer could be mistaken for the service's.
 *
 * @param late seconds from the fault in which it was late: half of the requests were sent more than
 *     500 ms after their time, or one that failed more than 1 s
 * @param worst milliseconds by which a request of those seconds was late
 * @param seconds in which requests were to be sent
 * @param unsent requests that never were
 * @param pauses of Muster's own process
 * @param canary times at which the generator read late, as its canary says
 */
public record Pacing(
    List<Long> late,
    double worst,
    int seconds,
    long unsent,
    List<Event.EnginePaused> pauses,
    List<Event.GeneratorLate> canary) {
  private static final double LATE_MILLIS = 500;
  private static final double LATE_AND_FAILED_MILLIS = 1000;

  public static Pacing of(Recovery recovery) {
    var from = recovery.fault().minusSeconds(1);
    var bySecond = new TreeMap<Long, List<Request>>();
    long unsent = 0;
    for (var row : recovery.history().ledger()) {
      if (row.intended().isBefore(from)) {
        continue;
      }
      if (row.outcome() == Outcome.NOT_SENT) {
        unsent++;
      } else if (row.sent() != null) {
        var second =
            Math.floorDiv(Duration.between(recovery.fault(), row.intended()).toMillis(), 1000L);
        bySecond.computeIfAbsent(second, _ -> new ArrayList<>()).add(row);
      }
    }
    var late = new ArrayList<Long>();
    double worst = 0;
    for (var second : bySecond.entrySet()) {
      var rows = second.getValue();
      long behind = rows.stream().filter(r -> millis(r) > LATE_MILLIS).count();
      boolean failed =
          rows.stream().anyMatch(r -> !r.answered() && millis(r) > LATE_AND_FAILED_MILLIS);
      if (2 * behind >= rows.size() || failed) {
        late.add(second.getKey());
        worst = Math.max(worst, rows.stream().mapToDouble(Pacing::millis).max().orElse(0));
      }
    }
    return new Pacing(
        List.copyOf(late),
        worst,
        bySecond.size(),
        unsent,
        pauses(recovery, from),
        canary(recovery, from));
  }

  private static List<Event.EnginePaused> pauses(Recovery recovery, Instant from) {
    return Recovery.events(recovery.history(), Event.EnginePaused.class)
        .filter(e -> e.from().plus(e.length()).isAfter(from))
        .filter(e -> e.from().isBefore(recovery.loadEnd()))
        .toList();
  }

  private static List<Event.GeneratorLate> canary(Recovery recovery, Instant from) {
    return Recovery.events(recovery.history(), Event.GeneratorLate.class)
        .filter(e -> e.from().plus(e.length()).isAfter(from))
        .filter(e -> e.from().isBefore(recovery.loadEnd()))
        .toList();
  }

  /** What makes it unfit to judge a service by; empty where it is fit. */
  public Optional<Sentence> trouble(Recovery recovery) {
    if (!pauses.isEmpty()) {
      var first = pauses.getFirst();
      return Optional.of(
          Sentence.of(
              "Muster itself stood still for %.1f s, %.1f s after the fault",
              first.length().toNanos() / 1e9, recovery.since(first.from())));
    }
    if (!late.isEmpty()) {
      return Optional.of(
          Sentence.of(
              "the load generator itself was late in %d of %d seconds from the fault on, first at %d s,"
                  + " and by up to %.0f ms",
              late.size(), seconds, late.getFirst(), worst));
    }
    if (!canary.isEmpty()) {
      var first = canary.getFirst();
      return Optional.of(
          Sentence.of(
              "the load generator itself read late: a stream of known timing in its own process came"
                  + " up to %.0f ms late, %.1f s after the fault",
              first.lag().toNanos() / 1e6, recovery.since(first.from())));
    }
    return unsent == 0
        ? Optional.empty()
        : Optional.of(Sentence.of("%d requests from the fault on were never sent", unsent));
  }

  private static double millis(Request row) {
    @Nullable Instant sent = row.sent();
    return sent == null ? 0 : Duration.between(row.intended(), sent).toNanos() / 1e6;
  }
}
