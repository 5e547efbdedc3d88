package dev.muster.verdict.check.record;

import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Every scheduled request is in the ledger, once. */
public final class LedgerCheck implements Check {

  @Override
  public Subject subject() {
    return Subject.VALIDITY;
  }

  @Override
  public String name() {
    return "ledger";
  }

  /**
   * What keeps anybody from comparing accounts with the ledger: rows that were sent are not in it.
   */
  public static Optional<Sentence> torn(History history) {
    if (Recovery.events(history, Event.LoadEnded.class).findAny().isEmpty()) {
      return Optional.of(Sentence.of("nothing says how many requests were scheduled"));
    }
    long scheduled = scheduled(history);
    long rows = history.ledger().stream().map(Request::id).distinct().count();
    return rows < scheduled
        ? Optional.of(
            Sentence.of(
                "only %d of %d requests are in the ledger: nothing can be compared with it",
                rows, scheduled))
        : Optional.empty();
  }

  @Override
  public List<Finding> judge(History history) {
    if (history.drill().load() == null) {
      return List.of(); // nobody asked anything of the service, and nobody says so
    }
    if (Recovery.events(history, Event.LoadEnded.class).findAny().isEmpty()) {
      return List.of(
          Finding.inconclusive(
              name(), Sentence.of("nothing says how many requests were scheduled")));
    }
    long scheduled = scheduled(history);
    long rows = history.ledger().size();
    var ids = new HashSet<String>();
    var twice =
        history.ledger().stream()
            .filter(r -> !ids.add(r.id()))
            .map(r -> Sentence.of("request %s", r.id()));
    var outcomes = new TreeMap<Outcome, Long>();
    history.ledger().forEach(r -> outcomes.merge(r.outcome(), 1L, Long::sum));
    var doubled = twice.distinct().limit(10).toList();
    var why =
        !doubled.isEmpty()
            ? Sentence.of("requests are in the ledger more than once")
            : rows != scheduled
                ? Sentence.of(
                    "%d requests were scheduled and %d are in the ledger", scheduled, rows)
                : Sentence.of(
                    "every scheduled request has one outcome: {%s}", Evidence.counted(outcomes));
    return List.of(
        new Finding(
            name(),
            rows == scheduled && doubled.isEmpty() ? Status.PASS : Status.INCONCLUSIVE,
            (double) rows,
            (double) scheduled,
            "requests",
            why,
            doubled));
  }

  private static long scheduled(History history) {
    return Recovery.events(history, Event.LoadEnded.class)
        .mapToLong(Event.LoadEnded::scheduled)
        .sum();
  }
}
