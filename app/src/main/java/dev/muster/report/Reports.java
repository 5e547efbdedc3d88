package dev.muster.report;

import dev.muster.verdict.Verdict;
import java.nio.file.Path;

public final class Reports {
  public static Verdict write(Path p) {
    var h =
        new dev.muster.verdict.History(
            dev.muster.drill.DrillFile.read(p.resolve("drill.yaml")),
            dev.muster.timeline.TimelineFile.read(p).events(),
            dev.muster.timeline.LedgerFile.read(p).rows());
    return Verdict.of(h);
  }

  public static String summary(Path p) {
    var h =
        new dev.muster.verdict.History(
            dev.muster.drill.DrillFile.read(p.resolve("drill.yaml")),
            dev.muster.timeline.TimelineFile.read(p).events(),
            dev.muster.timeline.LedgerFile.read(p).rows());
    var sb = new StringBuilder();
    Verdict.of(h).findings().forEach(f -> sb.append(f).append("\n"));
    dev.muster.verdict.Phases.of(h).forEach(f -> sb.append(f).append("\n"));
    return sb.toString();
  }
}
