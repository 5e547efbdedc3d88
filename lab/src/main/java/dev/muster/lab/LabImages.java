package dev.muster.lab;

import dev.muster.drill.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Brings images into the nodes of a running lab: those that were built after it came up. */
public record LabImages(Lab lab, Progress progress) {

  /**
   * Imports an archive into every node that is on.
   *
   * @throws LabException if it is no image archive, or no node is on
   */
  public void load(Path archive) {
    if (!Files.isReadable(archive)) {
      throw new LabException("can not read the image archive " + archive);
    }
    int loaded = 0;
    for (Node node : lab.allNodes()) {
      ProcessId holder = node.holder();
      List<ProcessId> inside = holder == null ? List.of() : holder.children();
      if (inside.isEmpty()) {
        progress.say(node.name() + " is off: not loaded there");
        continue;
      }
      progress.say("loading " + archive.getFileName() + " into " + node.name());
      load(archive, inside.getFirst().pid(), node.name());
      loaded++;
    }
    if (loaded == 0) {
      throw new LabException("no node of lab " + lab.name() + " is on");
    }
  }

  /** The node sees another file system than this process: the archive goes in by standard input. */
  private static void load(Path archive, long pid, String node) {
    Command.Result result =
        Command.tried(
            List.of(
                "sh",
                "-c",
                "exec nsenter --target \"$PID\" --mount ctr --namespace k8s.io images import - < \"$ARCHIVE\""),
            Map.of("PID", Long.toString(pid), "ARCHIVE", archive.toAbsolutePath().toString()));
    if (result.exit() != 0) {
      throw new LabException(
          "could not load " + archive + " into " + node + ": " + result.output().strip());
    }
  }
}
