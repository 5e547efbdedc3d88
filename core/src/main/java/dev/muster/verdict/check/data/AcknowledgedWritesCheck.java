package dev.muster.verdict.check.data;

import dev.muster.drill.expect.Expectation;
import dev.muster.drill.field.Field;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import dev.muster.verdict.check.record.LedgerCheck;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
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
public final class AcknowledgedWritesCheck implements Check {
  public static final Expectation<Boolean> KEPT =
      Expectation.word(
              "consistency",
              EtcdCheck.CONSISTENCY,
              Field.word(
                  "acknowledgedWrites",
                  "every answer that a client has in full has one usage record there",
                  "kept"))
          .rules(yaml -> {
            if (!yaml.drill().has("load") && yaml.at("").has("acknowledgedWrites")) {
              yaml.refuse(
                  "/acknowledgedWrites",
                  "acknowledgedWrites needs a \"load\": without clients nothing is acknowledged");
            }
          });

  private static final int MOST = 100;

  @Override
  public String name() {
    return "acknowledgedWrites";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(KEPT);
  }

  @Override
  public List<Finding> judge(History history) {
    if (!KEPT.isIn(history.drill())) {
      return List.of();
    }
    if (history.attempts().noneMatch(r -> r.outcome() == Outcome.COMPLETE)) {
      return List.of(
          Finding.inconclusive(
              name(), Sentence.of("no client got a full answer: nothing was acknowledged")));
    }
    return List.of(
        Observations.traces(history, Trace.Source.USAGE)
            .map(records -> unlessTorn(history, judge(history.attempts().toList(), records)))
            .orElseGet(() ->
                Observations.inconclusive(
                    history,
                    name(),
                    Observations.USAGE,
                    Sentence.of("the usage records were not read"))));
  }

  /** What is lost is lost; that nothing is, only a whole ledger can tell. */
  private Finding unlessTorn(History history, Finding found) {
    return LedgerCheck.torn(history)
        .filter(_ -> found.status() == Status.PASS)
        .map(why -> Finding.inconclusive(name(), why))
        .orElse(found);
  }

  private Finding judge(List<Request> attempts, List<Trace> all) {
    Map<String, List<Trace>> records =
        all.stream().collect(Collectors.groupingBy(Trace::id, TreeMap::new, Collectors.toList()));
    var evidence = new ArrayList<Sentence>();
    var sent = new HashSet<String>();
    long complete = 0;
    long lost = 0;
    long finished = 0;
    for (var request : attempts) {
      if (request.outcome() != Outcome.NOT_SENT) {
        sent.add(request.id());
      }
      boolean recorded = records.containsKey(request.id());
      if (request.outcome() == Outcome.COMPLETE) {
        complete++;
        if (!recorded) {
          lost++;
          evidence.add(lost(request));
        }
      } else if (recorded && request.outcome() != Outcome.NOT_SENT) {
        finished++;
      }
    }
    long doubled = doubled(records, evidence);
    long strangers = strangers(records, sent, evidence);
    long again = all.stream().filter(t -> t.writes() > 1).count();
    var why = new ArrayList<Sentence>();
    why.add(kept(complete, lost, doubled));
    if (finished > 0) {
      why.add(Sentence.of("%d finished by the server were cut for the client", finished));
    }
    if (strangers > 0) {
      why.add(Sentence.of("%d records are of requests that no client of this run sent", strangers));
    }
    if (again > 0) {
      why.add(Sentence.of("%d records were written more than once under the same key", again));
    }
    return new Finding(
        name(),
        lost + doubled > 0 ? Status.FAIL : Status.PASS,
        (double) (lost + doubled),
        0.0,
        "requests",
        Sentence.list("; ", why),
        List.copyOf(evidence.subList(0, Math.min(evidence.size(), MOST))));
  }

  private static Sentence kept(long complete, long lost, long doubled) {
    if (lost + doubled == 0) {
      return Sentence.of("each of the %d complete answers has its usage record, once", complete);
    }
    return Sentence.of(
        "of %d complete answers %d have no usage record, and %d requests have several",
        complete, lost, doubled);
  }

  private static Sentence lost(Request request) {
    return request.pods().isEmpty()
        ? Sentence.of(
            "lost: request %s, complete for its client at %s", request.id(), request.ended())
        : Sentence.of(
            "lost: request %s, complete for its client at %s, served by %s",
            request.id(), request.ended(), request.pods().getLast());
  }

  private static long doubled(Map<String, List<Trace>> records, List<Sentence> evidence) {
    long doubled = 0;
    for (var record : records.entrySet()) {
      if (record.getValue().size() > 1) {
        doubled++;
        evidence.add(
            Sentence.of(
                "doubled: request %s is recorded at %s",
                record.getKey(),
                Sentence.names(" and ", record.getValue().stream().map(Trace::key).toList())));
      }
    }
    return doubled;
  }

  private static long strangers(
      Map<String, List<Trace>> records, Set<String> sent, List<Sentence> evidence) {
    var strangers = records.keySet().stream().filter(id -> !sent.contains(id)).toList();
    strangers.forEach(id ->
        evidence.add(Sentence.of("stranger: request %s, which no client of this run sent", id)));
    return strangers.size();
  }
}
