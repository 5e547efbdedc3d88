package dev.muster.verdict;

import dev.muster.drill.DrillFile;
import dev.muster.timeline.RunFiles;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Real runs in the lab, as they were recorded, without their reports. */
final class Recorded {
  static final List<String> NAMES = List.of("node-isolation", "pod-kill", "process-kill");

  private Recorded() {}

  static History history(String name) {
    var folder = folder(name);
    var files = RunFiles.read(folder);
    return new History(
        DrillFile.read(folder.resolve("drill.yaml")),
        files.timeline().events(),
        files.ledger().rows(),
        files.traces(),
        files.integrity());
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
