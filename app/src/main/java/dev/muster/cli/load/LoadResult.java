package dev.muster.cli.load;

import dev.muster.engine.home.ExitCode;
import dev.muster.load.LoadTotals;
import dev.muster.load.LoadTotals.Quantiles;
import dev.muster.load.stats.Failure;
import dev.muster.load.strain.Punctuality;
import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.finding.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * How a load alone ended.
 *
 * @param verdict pass, fail or inconclusive
 * @param why the verdict
 * @param receiveLagP99Millis of the canary
 * @param late times in which the generator read late
 * @param bounds of {@code --fail-on}
 * @param notes what a reader of the figures must know
 */
public record LoadResult(
    String verdict,
    String why,
    LoadTotals.Snapshot account,
    double receiveLagP99Millis,
    List<Punctuality.Late> late,
    List<FailOn.Judged> bounds,
    List<String> notes) {
  /** What is broken is broken, whatever else cannot be told. */
  private static final Comparator<Status> WORSE =
      Comparator.comparingInt(status ->
          switch (status) {
            case PASS -> 0;
            case INCONCLUSIVE -> 1;
            case FAIL -> 2;
          });

  private static final int REASONS = 5;

  public static LoadResult of(
      LoadTotals.Snapshot account,
      List<Punctuality.Late> late,
      double receiveLagP99Millis,
      List<FailOn.Judged> bounds,
      List<String> notes) {
    var errors = account.errorRatio();
    ExitCode code;
    String why;
    if (errors == null) {
      code = ExitCode.INCONCLUSIVE;
      why = "no request tells anything about the service";
    } else if (!late.isEmpty() || account.sendLag().p99() > Event.LoadEnded.LATEST_MILLIS) {
      code = ExitCode.INCONCLUSIVE;
      why = "the load generator itself was late; give this machine less to do";
    } else {
      var worst = bounds.stream().map(FailOn.Judged::status).max(WORSE).orElse(Status.PASS);
      code = ExitCode.of(worst);
      why =
          worst == Status.PASS
              ? String.format(Locale.ROOT, "%.2f %% failed", 100 * errors)
              : String.join(
                  "; ",
                  bounds.stream()
                      .filter(bound -> bound.status() == worst)
                      .map(FailOn.Judged::line)
                      .toList());
    }
    return new LoadResult(
        code.name().toLowerCase(Locale.ROOT),
        why,
        account,
        receiveLagP99Millis,
        late,
        bounds,
        notes);
  }

  public ExitCode exitCode() {
    return ExitCode.valueOf(verdict.toUpperCase(Locale.ROOT));
  }

  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d requests in %.1f s, %d tokens (%.1f/s)",
            account.requests(),
            account.seconds(),
            account.tokens(),
            account.seconds() == 0 ? 0 : account.tokens() / account.seconds()));
    lines.addAll(notes);
    new TreeMap<>(account.outcomes())
        .forEach((Outcome outcome, Long count) ->
            lines.add(String.format(Locale.ROOT, "  %-18s %7d", outcome, count)));
    lines.add(
        String.format(
            Locale.ROOT, "%-20s %9s %9s %9s %9s", "milliseconds", "p50", "p90", "p99", "max"));
    row(lines, "first token", account.ttft());
    row(lines, "whole answer", account.total());
    row(lines, "longest gap", account.longestGap());
    row(lines, "own send lag", account.sendLag());
    lines.add(
        String.format(
            Locale.ROOT, "  %-18s %9s %9s %9.1f", "own receive lag", "", "", receiveLagP99Millis));
    var felt = account.felt();
    if (felt != null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "with %d retries %d of %d users had their answer, %d lost it",
              felt.retries(),
              felt.served(),
              felt.users(),
              felt.lost()));
      row(lines, "until answered", felt.total());
    }
    for (Failure failure : account.failures().stream().limit(REASONS).toList()) {
      lines.add("  " + failure.count() + " " + failure.outcome() + ": " + failure.words());
    }
    lines.add(verdict.toUpperCase(Locale.ROOT) + ": " + why);
    return lines;
  }

  private static void row(List<String> lines, String name, Quantiles millis) {
    lines.add(
        millis.count() == 0
            ? String.format(Locale.ROOT, "  %-18s %9s", name, "-")
            : String.format(
                Locale.ROOT,
                "  %-18s %9.1f %9.1f %9.1f %9.1f",
                name,
                millis.p50(),
                millis.p90(),
                millis.p99(),
                millis.max()));
  }
}
