package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Every answer that a client has in full has its usage record, once: the record is written before
 * the client is told that its answer is complete, so that a missing one is an acknowledged write
 * that was lost.
 */
final class AcknowledgedWritesCheck implements Check {
  private static final int MOST = 100;

  @Override
  public String name() {
    return "acknowledgedWrites";
  }

  @Override
  public List<Finding> judge(History history) {
    if (!history.drill().expect().consistency().writesKept()) {
      return List.of();
    }
    if (history.ledger().stream().noneMatch(r -> r.outcome() == Outcome.COMPLETE)) {
      return List.of(
          Finding.inconclusive(name(), "no client got a full answer: nothing was acknowledged"));
    }
    return List.of(
        Told.traces(history, Trace.Source.USAGE)
            .map(records -> unlessTorn(history, judge(history.ledger(), records)))
            .orElseGet(() ->
                Told.nothing(history, name(), Told.USAGE, "the usage records were not read")));
  }

  /** What is lost is lost; that nothing is, only a whole ledger can tell. */
  private Finding unlessTorn(History history, Finding found) {
    return LedgerCheck.torn(history)
        .filter(_ -> found.status() == Status.PASS)
        .map(why -> Finding.inconclusive(name(), why))
        .orElse(found);
  }

  private Finding judge(List<Request> ledger, List<Trace> all) {
    Map<String, List<Trace>> records =
        all.stream().collect(Collectors.groupingBy(Trace::id, TreeMap::new, Collectors.toList()));
    var evidence = new ArrayList<String>();
    var sent = new HashSet<String>();
    long complete = 0;
    long lost = 0;
    long finished = 0;
    for (var request : ledger) {
      if (request.outcome() != Outcome.NOT_SENT) {
        sent.add(request.id());
      }
      boolean recorded = records.containsKey(request.id());
      if (request.outcome() == Outcome.COMPLETE) {
        complete++;
        if (!recorded) {
          lost++;
          evidence.add("lost: request " + request.id() + served(request));
        }
      } else if (recorded && request.outcome() != Outcome.NOT_SENT) {
        finished++;
      }
    }
    long doubled = doubled(records, evidence);
    long strangers = strangers(records, sent, evidence);
    long again = all.stream().filter(t -> t.writes() > 1).count();
    return new Finding(
        name(),
        lost + doubled > 0 ? Status.FAIL : Status.PASS,
        (double) (lost + doubled),
        0.0,
        "requests",
        why(complete, lost, doubled)
            + part(finished, " finished by the server were cut for the client")
            + part(strangers, " records are of requests that no client of this run sent")
            + part(again, " records were written more than once under the same key"),
        List.copyOf(evidence.subList(0, Math.min(evidence.size(), MOST))));
  }

  private static String why(long complete, long lost, long doubled) {
    if (lost + doubled == 0) {
      return "each of the " + complete + " complete answers has its usage record, once";
    }
    return "of %d complete answers %d have no usage record, and %d requests have several"
        .formatted(complete, lost, doubled);
  }

  private static String part(long count, String what) {
    return count == 0 ? "" : "; " + count + what;
  }

  private static String served(Request request) {
    return ", complete for its client at "
        + request.ended()
        + (request.pods().isEmpty() ? "" : ", served by " + request.pods().getLast());
  }

  private static long doubled(Map<String, List<Trace>> records, List<String> evidence) {
    long doubled = 0;
    for (var record : records.entrySet()) {
      if (record.getValue().size() > 1) {
        doubled++;
        evidence.add(
            "doubled: request "
                + record.getKey()
                + " is recorded at "
                + record.getValue().stream().map(Trace::key).collect(Collectors.joining(" and ")));
      }
    }
    return doubled;
  }

  private static long strangers(
      Map<String, List<Trace>> records, Set<String> sent, List<String> evidence) {
    var strangers = records.keySet().stream().filter(id -> !sent.contains(id)).toList();
    strangers.forEach(
        id -> evidence.add("stranger: request " + id + ", which no client of this run sent"));
    return strangers.size();
  }
}
