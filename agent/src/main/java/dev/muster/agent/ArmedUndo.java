package dev.muster.agent;

import dev.muster.agent.deed.Deed;
import dev.muster.agent.node.Cgroup;
import dev.muster.agent.node.FaultException;
import dev.muster.agent.node.NodeProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The undo of a fault, running on the node as a process of its own: in no cgroup of the pod, in a
 * session of its own, so that it outlives the pod, the kubelet, the container runtime and a
 * partition. It ends by itself; the fault's folder is there as long as it has not undone.
 */
final class ArmedUndo {
  private final Path folder;
  private final NodeProcess process;

  private ArmedUndo(Path folder, NodeProcess process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Writes what is to be undone and starts the process that does it; returns when that is out of
   * the pod's reach.
   *
   * @param lines of {@link Deed#undo}
   * @throws FaultException if it cannot be armed: then nothing may be injected
   */
  static ArmedUndo arm(Path folder, List<String> lines, Duration ttl, Path cgroups)
      throws InterruptedException {
    try {
      Files.writeString(folder.resolve("undo"), String.join("\n", lines) + "\n");
      Path script = copy("undo.sh", folder);
      NodeProcess self =
          NodeProcess.of(ProcessHandle.current().pid())
              .orElseThrow(() -> new FaultException("/proc is not the node's: hostPID is missing"));
      long deadline = uptime() + ttl.toSeconds();
      Process started =
          new ProcessBuilder(
                  "setsid",
                  "/bin/busybox",
                  "sh",
                  script.toString(),
                  folder.toString(),
                  Long.toString(self.pid()),
                  Long.toString(self.start()),
                  Long.toString(deadline))
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(Path.of("/dev/null").toFile())
              .redirectError(Path.of("/dev/null").toFile())
              .start();
      Cgroup.moveToRoot(cgroups, started.pid());
      NodeProcess process =
          NodeProcess.of(started.pid())
              .orElseThrow(() -> new FaultException("the undo ended at once"));
      if (process.cgroups().contains("kubepods")) {
        throw new FaultException("the undo could not leave the pod's cgroup: " + process.cgroups());
      }
      return new ArmedUndo(folder, process);
    } catch (IOException e) {
      throw new FaultException("can not arm the undo in " + folder + ": " + e.getMessage());
    }
  }

  /** A resource of this program, as a file on the node. */
  static Path copy(String name, Path folder) throws IOException {
    try (InputStream in = Objects.requireNonNull(ArmedUndo.class.getResourceAsStream(name), name)) {
      Path file = folder.resolve(name);
      Files.write(file, in.readAllBytes());
      return file;
    }
  }

  private static long uptime() throws IOException {
    return (long) Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);
  }

  Map<String, String> described() {
    String badness = "unknown";
    try {
      Path own = Path.of("/proc/" + process.pid() + "/oom_score_adj");
      Files.writeString(own, "-999");
      badness = Files.readString(own).strip();
    } catch (IOException e) {
      badness = "not lowered: the kernel does not allow it";
    }
    return Map.of(
        "undo", process.pid() + " since tick " + process.start(), "oom_score_adj", badness);
  }

  boolean alive() {
    return process.alive();
  }

  /** Tells it to undo and waits; what could not be undone, or nothing. */
  Optional<String> fire(Duration atMost) throws InterruptedException {
    try {
      if (Files.exists(folder)) {
        Files.writeString(folder.resolve("now"), "");
      }
    } catch (IOException e) {
      // a full disk: it fires at its ttl, or when this process ends
    }
    long deadline = System.nanoTime() + atMost.toNanos();
    while (Files.exists(folder) && System.nanoTime() < deadline) {
      Path failed = folder.resolve("failed");
      if (Files.exists(failed) && !alive()) {
        break;
      }
      Thread.sleep(100);
    }
    return Files.exists(folder) ? Optional.of(why()) : Optional.empty();
  }

  private String why() {
    try {
      return Files.readString(folder.resolve("failed")).strip();
    } catch (IOException e) {
      return "the undo did not end within its time";
    }
  }
}
