package dev.muster.engine;

import dev.muster.drill.Drill;
import dev.muster.drill.DrillFile;
import dev.muster.timeline.LedgerFile;
import dev.muster.timeline.TimelineFile;
import dev.muster.verdict.History;
import java.nio.file.Path;

/** Reads back what a run left, so that live runs and old folders are judged by the very same way. */
public final class Judgement {
  private Judgement() {}

  public static History read(Path folder) {
    Drill drill = DrillFile.parse(folder.resolve("drill.yaml"));
    return new History(
        drill, TimelineFile.read(folder.resolve("timeline.jsonl")).events(), LedgerFile.read(folder).requests());
  }
}
