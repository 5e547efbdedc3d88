package dev.muster.agent.deed;

import dev.muster.agent.node.Cgroup;
import dev.muster.agent.node.FaultException;
import dev.muster.agent.node.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * stress-ng in a cgroup of its own. Its processes are ended by the group, so that neither children
 * nor those that it starts anew escape.
 */
final class Stress implements Deed {
  private final Cgroup group;
  private final List<String> options;
  private final Path script;
  private final long least;
  private @Nullable Process process;
  private long usedBefore = -1;

  /**
   * @param options of stress-ng
   * @param script {@code join.sh}
   * @param least bytes that its processes must hold to be felt; 0 where CPU time is the aim
   */
  Stress(Cgroup group, List<String> options, Path script, long least) {
    this.group = group;
    this.options = List.copyOf(options);
    this.script = script;
    this.least = least;
  }

  @Override
  public List<String> undo() {
    return List.of(group.undo());
  }

  @Override
  public void inject() {
    List<String> command = new ArrayList<>(List.of("/bin/busybox", "sh", script.toString()));
    group.create().forEach(file -> command.add(file.toString()));
    command.add("--");
    command.add("stress-ng");
    command.addAll(options);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(script.resolveSibling("stress-ng.log").toFile())
              .start();
    } catch (IOException e) {
      throw new FaultException("can not start stress-ng: " + e.getMessage());
    }
  }

  /**
   * Memory is touched at the machine's pace. Whoever drills waits for 90 s, and its words take
   * their time.
   */
  @Override
  public Duration patience() {
    return Duration.ofSeconds(80);
  }

  /** Its group has eaten CPU time, or holds memory, since it was last looked at. */
  @Override
  public Optional<Map<String, String>> effect() {
    Process started = process;
    if (started == null) {
      return Optional.empty();
    }
    if (!started.isAlive()) {
      throw new FaultException(
          "stress-ng ended with exit code " + started.exitValue() + ": " + log());
    }
    long used = usage();
    long before = usedBefore;
    usedBefore = used;
    if (before < 0 || used <= before || memory() < least) {
      return Optional.empty();
    }
    return Optional.of(
        Map.of(
            "stress-ng", String.join(" ", options),
            "cgroup", group.name(),
            "processes", Integer.toString(group.processes().size()),
            "cpu", "%.1f s of CPU time".formatted(used / 1e9),
            "memory", memory() / (1 << 20) + " MiB"));
  }

  private String log() {
    try {
      return Files.readString(script.resolveSibling("stress-ng.log")).strip();
    } catch (IOException e) {
      return "(no output)";
    }
  }

  /** CPU time of the group in nanoseconds. */
  private long usage() {
    for (Path folder : group.folders()) {
      Path one = folder.resolve("cpuacct.usage");
      Path two = folder.resolve("cpu.stat");
      try {
        if (Files.exists(one)) {
          return Long.parseLong(Files.readString(one).strip());
        }
        if (Files.exists(two)) {
          for (String line : Files.readAllLines(two)) {
            if (line.startsWith("usage_usec ")) {
              return 1000 * Long.parseLong(line.substring("usage_usec ".length()));
            }
          }
        }
      } catch (IOException e) {
        return 0;
      }
    }
    return 0;
  }

  /**
   * What the group holds, in bytes. A group that version 2 gives no memory controller, as one below
   * a container's, counts nothing itself: there it is what its processes have resident (VmRSS,
   * proc_pid_status(5)), in which a page that several share counts for each.
   */
  private long memory() {
    for (Path folder : group.folders()) {
      for (String name : List.of("memory.usage_in_bytes", "memory.current")) {
        Path file = folder.resolve(name);
        try {
          if (Files.exists(file)) {
            return Long.parseLong(Files.readString(file).strip());
          }
        } catch (IOException e) {
          return 0;
        }
      }
    }
    return group.processes().stream()
        .flatMap(pid -> NodeProcess.of(pid).stream())
        .mapToLong(NodeProcess::resident)
        .sum();
  }

  @Override
  public Optional<String> remains() {
    return group.exists() ? Optional.of("cgroup " + group.name()) : Optional.empty();
  }
}
