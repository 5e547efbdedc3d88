package dev.muster.agent.node;

import dev.muster.agent.words.AgentEventWriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A process of the node, known by pid and start time (field 22 of {@code /proc/PID/stat}, clock
 * ticks since boot): a pid alone may have passed on to another.
 *
 * @param state R, S, D, T, Z …
 */
public record NodeProcess(long pid, long parent, char state, long start, String name) {

  public static Optional<NodeProcess> of(long pid) {
    try {
      return Optional.of(parse(pid, Files.readString(Path.of("/proc/" + pid + "/stat"))));
    } catch (IOException e) {
      return Optional.empty(); // it ended
    }
  }

  /** The name stands in parentheses and may itself hold some. */
  static NodeProcess parse(long pid, String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    String[] rest = stat.substring(close + 2).strip().split(" ", -1);
    return new NodeProcess(
        pid,
        Long.parseLong(rest[1]),
        rest[0].charAt(0),
        Long.parseLong(rest[19]),
        stat.substring(open + 1, close));
  }

  /** Those of the node, or of the machine where there is no node around. */
  public static List<NodeProcess> all() {
    List<NodeProcess> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        of(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
      }
    } catch (IOException e) {
      throw AgentEventWriter.failed("can not list processes", e);
    }
    return found;
  }

  /** Still the same process, and not only its corpse. */
  public boolean alive() {
    return of(pid).filter(now -> now.start == start && now.state != 'Z').isPresent();
  }

  public boolean stopped() {
    return of(pid).filter(now -> now.start == start && now.state == 'T').isPresent();
  }

  /** Lines {@code hierarchy:controllers:path}; empty if it ended. */
  public String cgroups() {
    return read("cgroup");
  }

  /** Bytes in memory; 0 if it ended. */
  public long resident() {
    return read("status")
            .lines()
            .filter(l -> l.startsWith("VmRSS:"))
            .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0)
        * 1024;
  }

  public String command() {
    return read("cmdline").replace('\0', ' ').strip();
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/" + file));
    } catch (IOException e) {
      return "";
    }
  }
}
