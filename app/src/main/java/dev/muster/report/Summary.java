package dev.muster.report;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report for a terminal. */
final class Summary {
  private Summary() {}

  static String of(ReportModel report) {
    var text = new StringBuilder("\n");
    for (var finding : report.findings()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-12s %-14s %s%n",
              finding.status().toUpperCase(Locale.ROOT),
              finding.check(),
              bounded(finding)));
    }
    if (!report.phases().isEmpty()) {
      text.append("\n  where the time went\n");
    }
    for (var phase : report.phases()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %9s  %-17s %s%n",
              phase.seconds() == null ? "no end" : seconds(phase.seconds()),
              phase.name(),
              phase.blame().english()));
    }
    var requests = report.requests();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %d requests scheduled: %s%n",
            requests.scheduled(),
            requests.outcomes().entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "))));
    report.notes().forEach(n -> text.append("  note: ").append(n.english()).append('\n'));
    text.append("\n").append(report.verdict().toUpperCase(Locale.ROOT)).append("  ");
    text.append(report.drill()).append("  ").append(report.run());
    return text.toString();
  }

  private static String bounded(ReportModel.Judged finding) {
    String why = finding.why().english();
    if (finding.measured() == null || finding.bound() == null || finding.status().equals("pass")) {
      return why;
    }
    return why + " (bound: " + number(finding.bound()) + " " + finding.unit() + ")";
  }

  static String seconds(@Nullable Double value) {
    return value == null ? "–" : String.format(Locale.ROOT, "%.1f s", value);
  }

  static String number(@Nullable Double value) {
    return value == null
        ? "–"
        : value == Math.rint(value)
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.2f", value);
  }
}
