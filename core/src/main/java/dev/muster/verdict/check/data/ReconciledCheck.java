package dev.muster.verdict.check.data;

import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Trace;
import dev.muster.verdict.check.data.Reconciliation.Kind;
import dev.muster.verdict.check.data.Reconciliation.Row;
import dev.muster.verdict.check.record.LedgerCheck;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Client, server and log store tell the same of every request, or the run knows why not. */
public final class ReconciledCheck implements Check {
  public static final Expectation<Long> UNEXPLAINED =
      Expectation.requests(
              "reconciled",
              "requests that client, server and log store tell differently without a reason the"
                  + " run saw",
              "unexplained")
          .ofClients()
          .rules(LogsCheck::needStore);

  private static final int MOST = 200;

  @Override
  public String name() {
    return "reconciled";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(UNEXPLAINED);
  }

  @Override
  public List<Finding> judge(History history) {
    var max = UNEXPLAINED.in(history.drill());
    if (max == null) {
      return List.of();
    }
    var torn = LedgerCheck.torn(history);
    if (torn.isPresent()) {
      return List.of(Finding.inconclusive(name(), torn.get()));
    }
    if (history.ledger().isEmpty()) {
      return List.of(Finding.inconclusive(name(), Sentence.of("no request was scheduled")));
    }
    if (Observations.traces(history, Trace.Source.USAGE).isEmpty()) {
      return List.of(
          Observations.inconclusive(
              history, name(), Observations.USAGE, Sentence.of("the usage records were not read")));
    }
    if (Observations.traces(history, Trace.Source.LOG).isEmpty()) {
      return List.of(
          Observations.inconclusive(
              history, name(), Observations.LOGS, Sentence.of("the log store was not read")));
    }
    return List.of(judge(Reconciliation.of(history), max));
  }

  public Finding judge(Reconciliation all, long max) {
    var unexplained = all.of(Kind.UNEXPLAINED);
    if (all.unwritten() > 0 && unexplained.size() <= max) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "%d retries were sent of which no row was kept: what their clients had is not known",
              all.unwritten()));
    }
    var evidence = new ArrayList<Sentence>();
    unexplained.stream().limit(MOST).map(ReconciledCheck::line).forEach(evidence::add);
    if (unexplained.size() > MOST) {
      evidence.add(Sentence.of("and %d more", unexplained.size() - MOST));
    }
    all.alike(Kind.EXPLAINED).forEach((why, rows) -> evidence.add(explained(why, rows)));
    return new Finding(
        name(),
        unexplained.size() > max ? Status.FAIL : Status.PASS,
        (double) unexplained.size(),
        (double) max,
        "requests",
        Sentence.list(
            "; ",
            Stream.concat(
                    Stream.of(
                        Sentence.of(
                            "of %d requests %d agree, %d are explained, %d are unexplained",
                            all.rows().size(),
                            all.of(Kind.AGREE).size(),
                            all.of(Kind.EXPLAINED).size(),
                            unexplained.size())),
                    mute(all))
                .toList()),
        List.copyOf(evidence));
  }

  private static Sentence line(Row row) {
    var detail = row.detail();
    return detail == null
        ? Sentence.of("request %s: %s", row.id(), row.sentence())
        : Sentence.of("request %s: %s (%s)", row.id(), row.sentence(), detail);
  }

  private static Sentence explained(Sentence why, List<Row> rows) {
    var ids = Sentence.names(", ", rows.stream().limit(MOST).map(Row::id).toList());
    return rows.size() > MOST
        ? Sentence.of("explained: %d %s: %s …", rows.size(), why, ids)
        : Sentence.of("explained: %d %s: %s", rows.size(), why, ids);
  }

  private static Stream<Sentence> mute(Reconciliation all) {
    return all.mute().entrySet().stream()
        .map(e -> Sentence.of("%s served %d requests and logged none", e.getKey(), e.getValue()));
  }
}
