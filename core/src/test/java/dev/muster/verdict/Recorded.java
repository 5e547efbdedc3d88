package dev.muster.verdict;

import dev.muster.drill.file.DrillFile;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.RunFiles;
import dev.muster.verdict.finding.History;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Real runs in the lab, as they were recorded, without their reports. They are older than canaries:
 * one that was read in time is put in.
 */
final class Recorded {
  static final List<String> NAMES = List.of("node-isolation", "pod-kill", "process-kill");

  private Recorded() {}

  static History history(String name) {
    var folder = folder(name);
    var files = RunFiles.read(folder);
    return new History(
        DrillFile.read(folder.resolve("drill.yaml")),
        files.timeline().events().stream().map(Recorded::watched).toList(),
        files.ledger().rows(),
        files.traces(),
        files.integrity());
  }

  private static Event watched(Event event) {
    return event instanceof Event.LoadEnded
        ? Records.with(event, "canary", new Event.CanaryLag(2000, 2, 8))
        : event;
  }

  private static Path folder(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Recorded.class.getResource("/recorded/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
