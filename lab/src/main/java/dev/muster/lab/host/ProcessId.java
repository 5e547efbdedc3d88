package dev.muster.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A process by identity: a pid alone may be somebody else's by now.
 *
 * @param start field 22 of /proc/PID/stat, clock ticks since boot (proc(5))
 */
public record ProcessId(long pid, long start) {

  public static ProcessId of(long pid) {
    return new ProcessId(pid, startOf(pid));
  }

  public boolean alive() {
    return start > 0 && startOf(pid) == start && !zombie();
  }

  /** SIGKILL, if it is still the same process. */
  public void kill() {
    if (alive()) {
      Command.tried(List.of("kill", "-KILL", Long.toString(pid)), java.util.Map.of());
    }
  }

  /** Direct children, empty if it is gone. */
  public List<ProcessId> children() {
    try {
      String line = Files.readString(Path.of("/proc/" + pid + "/task/" + pid + "/children"));
      return Arrays.stream(line.strip().split(" "))
          .filter(s -> !s.isEmpty())
          .map(s -> ProcessId.of(Long.parseLong(s)))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The words it was started with, empty if it is gone. */
  public List<String> command() {
    try {
      return List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }

  private boolean zombie() {
    List<String> fields = fields(pid);
    return fields.isEmpty() || fields.getFirst().equals("Z");
  }

  private static long startOf(long pid) {
    List<String> fields = fields(pid);
    return fields.size() < 20 ? 0 : Long.parseLong(fields.get(19));
  }

  /** The fields behind the command's name, which may itself hold blanks and brackets. */
  private static List<String> fields(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
    } catch (IOException e) {
      return List.of();
    }
  }
}
