package dev.muster.cli;

import dev.muster.engine.ExitCode;
import dev.muster.load.Failure;
import dev.muster.load.LoadAccount;
import dev.muster.load.LoadAccount.Quantiles;
import dev.muster.load.Punctuality;
import dev.muster.timeline.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a load alone ended.
 *
 * @param verdict pass, fail or inconclusive
 * @param why the verdict
 * @param receiveLagP99Millis of the canary
 * @param late times in which the generator read late
 */
record LoadTold(
    String verdict,
    String why,
    LoadAccount.Told account,
    double receiveLagP99Millis,
    List<Punctuality.Late> late) {
  /** As of a drill: a hundredth sent later than this makes the load not trustworthy. */
  private static final double LATEST_MILLIS = 250;

  private static final int REASONS = 5;

  /**
   * @param maxErrors in percent; null for any number
   */
  static LoadTold of(
      LoadAccount.Told account,
      List<Punctuality.Late> late,
      double receiveLagP99Millis,
      @Nullable Double maxErrors) {
    var errors = account.errorRatio();
    ExitCode code;
    String why;
    if (errors == null) {
      code = ExitCode.INCONCLUSIVE;
      why = "no request tells anything about the service";
    } else if (!late.isEmpty() || account.sendLag().p99() > LATEST_MILLIS) {
      code = ExitCode.INCONCLUSIVE;
      why = "the load generator itself was late; give this machine less to do";
    } else if (maxErrors != null && 100 * errors > maxErrors) {
      code = ExitCode.FAIL;
      why = String.format(Locale.ROOT, "%.2f %% failed, above %.2f %%", 100 * errors, maxErrors);
    } else {
      code = ExitCode.PASS;
      why = String.format(Locale.ROOT, "%.2f %% failed", 100 * errors);
    }
    return new LoadTold(
        code.name().toLowerCase(Locale.ROOT), why, account, receiveLagP99Millis, late);
  }

  ExitCode exitCode() {
    return ExitCode.valueOf(verdict.toUpperCase(Locale.ROOT));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d requests in %.1f s, %d tokens (%.1f/s)",
            account.requests(),
            account.seconds(),
            account.tokens(),
            account.seconds() == 0 ? 0 : account.tokens() / account.seconds()));
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
