package dev.muster.lab.node;

import dev.muster.lab.host.Cgroups;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.ProcessId;
import dev.muster.lab.host.Wait;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What of a lab is on the host, found by the names that only labs have: network namespaces and
 * cgroups {@code muster-LAB.…}, links {@code mstrINDEX-…}, mounts, loop devices and processes of
 * its folder.
 */
public final class Leftovers {
  private static final Path NAMESPACES = Path.of("/run/netns");

  private Leftovers() {}

  /**
   * A line for each thing found; empty means that everything was looked at and nothing is there.
   */
  public static List<String> of(String lab, Path folder) {
    List<String> found = new ArrayList<>();
    namespaces(lab).forEach(n -> found.add("network namespace " + n));
    cgroups(lab).forEach(c -> found.add("cgroup " + c));
    processes(lab).forEach(p -> found.add("process " + p.pid()));
    mounts(folder).forEach(m -> found.add("mount " + m));
    Disk.all(folder).stream()
        .flatMap(d -> d.loops().stream())
        .forEach(l -> found.add("loop device " + l));
    if (Files.exists(folder)) {
      found.add("folder " + folder);
    }
    return found;
  }

  /**
   * The names on the host are those of the lab alone, so a lab of another home may have them.
   *
   * @param folder of the lab in this home
   * @throws LabException if another home has a lab of that name, with its folder
   */
  public static void refuseStrangers(String lab, Path folder) {
    String place = "/labs/" + lab + "/";
    for (ProcessId process : processes(lab)) {
      for (String word : process.command()) {
        int at = word.indexOf(place);
        if (at >= 0 && word.indexOf('/') < at) {
          Path owner = Path.of(word.substring(word.indexOf('/'), at + place.length()));
          if (!same(owner, folder) && LabState.read(owner).isPresent()) {
            throw new LabException(
                "%s is a lab of the same name; use another name, or take it down first: MUSTER_HOME=%s muster lab down --name %s"
                    .formatted(owner, owner.resolve("../..").normalize(), lab));
          }
        }
      }
    }
  }

  /** A home has several names where a link leads to it. */
  private static boolean same(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // one of them is not there
    }
  }

  /** Removes everything of a lab from the host, in any state. Idempotent. */
  public static void remove(String lab, Path folder) {
    for (int round = 0; round < 50; round++) {
      List<ProcessId> processes = processes(lab);
      if (processes.isEmpty()) {
        break;
      }
      processes.forEach(ProcessId::kill);
      Wait.millis(100);
    }
    mounts(folder).forEach(m -> Command.tried(List.of("umount", "-l", m), Map.of()));
    for (String namespace : namespaces(lab)) {
      Command.tried(List.of("ip", "netns", "del", namespace), Map.of());
    }
    removeCgroups(Addresses.prefix(lab));
    Disk.all(folder).forEach(Disk::release);
    Command.run("rm", "-rf", "--one-file-system", folder.toString());
  }

  /** Removes the cgroups whose names begin so, in all hierarchies; their processes must be gone. */
  static void removeCgroups(String prefix) {
    Wait.until(
        () -> {
          List<Path> groups = cgroupsNamed(prefix);
          groups.forEach(Leftovers::removeTree);
          return groups.isEmpty();
        },
        java.time.Duration.ofSeconds(10));
  }

  private static List<String> namespaces(String lab) {
    return names(NAMESPACES, Addresses.prefix(lab)).map(p -> p.getFileName().toString()).toList();
  }

  private static List<Path> cgroups(String lab) {
    return cgroupsNamed(Addresses.prefix(lab));
  }

  private static List<Path> cgroupsNamed(String prefix) {
    // version 1 has them in each hierarchy, version 2 at the root or in systemd's slice for us
    return Stream.concat(Stream.of(Cgroups.ROOT), names(Cgroups.ROOT, ""))
        .filter(folder -> !Files.isSymbolicLink(folder))
        .flatMap(folder -> names(folder, prefix))
        .filter(Files::isDirectory)
        .toList();
  }

  /** In one of the lab's namespaces or cgroups, or running from its folder. */
  private static List<ProcessId> processes(String lab) {
    List<ProcessId> found = new ArrayList<>();
    List<Object> networks =
        names(NAMESPACES, Addresses.prefix(lab))
            .map(Leftovers::inode)
            .filter(i -> !i.equals(""))
            .toList();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : all) {
        ProcessId id = ProcessId.of(Long.parseLong(process.getFileName().toString()));
        if (id.alive()
            && (networks.contains(inode(process.resolve("ns/net"))) || inGroup(process, lab))) {
          found.add(id);
        }
      }
    } catch (IOException e) {
      throw new LabException("can not list processes: " + e.getMessage());
    }
    return found;
  }

  private static boolean inGroup(Path process, String lab) {
    try {
      return Files.readString(process.resolve("cgroup")).contains("/" + Addresses.prefix(lab));
    } catch (IOException e) {
      return false; // it ended meanwhile
    }
  }

  private static Object inode(Path file) {
    try {
      return Files.getAttribute(file, "unix:ino");
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> mounts(Path folder) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
      return lines
          .map(l -> l.split(" ", -1)[1])
          .filter(m -> m.startsWith(folder + "/"))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new LabException("can not read mounts: " + e.getMessage());
    }
  }

  private static Stream<Path> names(Path folder, String prefix) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, prefix + "*")) {
      all.forEach(found::add);
    } catch (IOException e) {
      throw new LabException("can not list " + folder + ": " + e.getMessage());
    }
    return found.stream();
  }

  private static void removeTree(Path cgroup) {
    try (Stream<Path> tree = Files.walk(cgroup)) {
      for (Path group :
          tree.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(group);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // still busy while its last process ends: the caller tries again
      Wait.millis(20);
    }
  }
}
