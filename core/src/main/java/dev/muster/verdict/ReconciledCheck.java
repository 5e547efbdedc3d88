package dev.muster.verdict;

import dev.muster.timeline.Trace;
import dev.muster.verdict.Reconciliation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Client, server and log store tell the same of every request, or the run knows why not. */
final class ReconciledCheck implements Check {
  private static final int MOST = 200;

  @Override
  public String name() {
    return "reconciled";
  }

  @Override
  public List<Finding> judge(History history) {
    var max = history.drill().expect().unexplainedMax();
    if (max == null) {
      return List.of();
    }
    var torn = LedgerCheck.torn(history);
    if (torn.isPresent()) {
      return List.of(Finding.inconclusive(name(), torn.get()));
    }
    if (history.ledger().isEmpty()) {
      return List.of(Finding.inconclusive(name(), "no request was scheduled"));
    }
    if (Told.traces(history, Trace.Source.USAGE).isEmpty()) {
      return List.of(Told.nothing(history, name(), Told.USAGE, "the usage records were not read"));
    }
    if (Told.traces(history, Trace.Source.LOG).isEmpty()) {
      return List.of(Told.nothing(history, name(), Told.LOGS, "the log store was not read"));
    }
    return List.of(judge(Reconciliation.of(history), max));
  }

  private Finding judge(Reconciliation all, long max) {
    var unexplained = all.of(Kind.UNEXPLAINED);
    var evidence = new ArrayList<String>();
    unexplained.stream()
        .limit(MOST)
        .forEach(row ->
            evidence.add(
                "request "
                    + row.id()
                    + ": "
                    + row.why()
                    + (row.detail().isEmpty() ? "" : " (" + row.detail() + ")")));
    if (unexplained.size() > MOST) {
      evidence.add("and " + (unexplained.size() - MOST) + " more");
    }
    all.alike(Kind.EXPLAINED)
        .forEach((why, rows) ->
            evidence.add(
                "explained: "
                    + rows.size()
                    + " "
                    + why
                    + ": "
                    + rows.stream()
                        .limit(MOST)
                        .map(Reconciliation.Row::id)
                        .collect(Collectors.joining(", "))
                    + (rows.size() > MOST ? " …" : "")));
    return new Finding(
        name(),
        unexplained.size() > max ? Status.FAIL : Status.PASS,
        (double) unexplained.size(),
        (double) max,
        "requests",
        "of %d requests %d agree, %d are explained, %d are unexplained%s"
            .formatted(
                all.rows().size(),
                all.of(Kind.AGREE).size(),
                all.of(Kind.EXPLAINED).size(),
                unexplained.size(),
                mute(all)),
        List.copyOf(evidence));
  }

  private static String mute(Reconciliation all) {
    return all.mute().entrySet().stream()
        .map(e -> "; " + e.getKey() + " served " + e.getValue() + " requests and logged none")
        .collect(Collectors.joining());
  }
}
