package dev.muster.agent.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cgroup of a fault's own, found again by its name. At the root of every hierarchy, and so
 * outside kubepods, what runs in it competes as a daemon of the node does; below a container's
 * group, it takes from that container's share. Version 1 has a folder for each hierarchy, version 2
 * is one.
 *
 * @param folders one for each hierarchy
 */
public record Cgroup(List<Path> folders) {
  /** kubepods, class, pod, container, and a level to spare. */
  private static final int DEEPEST = 6;

  private static final String PROCESSES = "cgroup.procs";

  /** All begin so. */
  public static final String PREFIX = "muster-f-";

  /** The hierarchies' roots. */
  public static List<Path> hierarchies(Path root) {
    if (Files.exists(root.resolve("cgroup.controllers"))) {
      return List.of(root);
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path hierarchy : all) {
        if (!Files.isSymbolicLink(hierarchy) && Files.isWritable(hierarchy.resolve(PROCESSES))) {
          found.add(hierarchy);
        }
      }
    } catch (IOException e) {
      throw new FaultException("can not see the node's cgroups in " + root + ": " + e.getMessage());
    }
    if (found.isEmpty()) {
      throw new FaultException("no cgroups in " + root + ": are they mounted into the pod?");
    }
    return found;
  }

  /**
   * @param root the node's {@code /sys/fs/cgroup}
   */
  public static Cgroup atRoot(Path root, String id) {
    return new Cgroup(hierarchies(root).stream().map(h -> h.resolve(PREFIX + id)).toList());
  }

  /**
   * @throws FaultException if the container has no group
   */
  public static Cgroup inContainer(Path root, String container, String id) {
    List<Path> folders =
        hierarchies(root).stream()
            .flatMap(h -> find(h, name -> name.contains(container)).stream().limit(1))
            .map(g -> g.resolve(PREFIX + id))
            .toList();
    if (folders.isEmpty()) {
      throw new FaultException("container " + container + " has no cgroup on this node");
    }
    return new Cgroup(folders);
  }

  /** Those of any fault, wherever they are. */
  public static List<Path> ours(Path root) {
    return hierarchies(root).stream()
        .flatMap(h -> find(h, name -> name.startsWith(PREFIX)).stream())
        .toList();
  }

  private static List<Path> find(Path hierarchy, Predicate<String> name) {
    try (Stream<Path> tree = Files.walk(hierarchy, DEEPEST)) {
      return tree.filter(Files::isDirectory)
          .filter(g -> name.test(g.getFileName().toString()))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new FaultException("can not look through " + hierarchy + ": " + e.getMessage());
    }
  }

  public String name() {
    return folders.getFirst().getFileName().toString();
  }

  public String undo() {
    return "cgroup " + folders.stream().map(Path::toString).collect(Collectors.joining(" "));
  }

  /** The files into which a process writes its pid to be in the group. */
  public List<Path> create() {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      try {
        Files.createDirectories(folder);
        // version 1 starts a group of the cpuset hierarchy without CPUs and memory
        copy(folder, "cpuset.cpus");
        copy(folder, "cpuset.mems");
        files.add(folder.resolve(PROCESSES));
      } catch (IOException e) {
        throw new FaultException("can not make cgroup " + folder + ": " + e.getMessage());
      }
    }
    return files;
  }

  private static void copy(Path folder, String file) throws IOException {
    Path own = folder.resolve(file);
    Path above = folder.resolveSibling(file);
    if (Files.exists(above) && Files.exists(own)) {
      Files.writeString(own, Files.readString(above));
    }
  }

  /** Those in it and in groups below it. */
  public List<Long> processes() {
    List<Long> found = new ArrayList<>();
    for (Path folder : folders()) {
      try {
        for (String line : Files.readAllLines(folder.resolve(PROCESSES))) {
          found.add(Long.valueOf(line.strip()));
        }
      } catch (IOException e) {
        // the group is not there, or no longer
      }
    }
    return found.stream().distinct().toList();
  }

  public boolean exists() {
    return folders().stream().anyMatch(Files::exists);
  }

  /**
   * Moves a process to the root of every hierarchy: out of reach of whoever ends the pod. A root of
   * version 2 that is not the kernel's own, as of a node that is itself a container, has no
   * processes: there it goes to the group of the node's init.
   */
  public static void moveToRoot(Path root, long pid) {
    moveToRoot(root, pid, NodeProcess.of(1).map(NodeProcess::cgroups).orElse(""));
  }

  /**
   * @param init what the node's first process says of its groups
   */
  static void moveToRoot(Path root, long pid, String init) {
    for (Path hierarchy : hierarchies(root)) {
      try {
        move(hierarchy, pid);
      } catch (IOException e) {
        Path group = hierarchy.resolve(unified(init));
        try {
          move(group, pid);
        } catch (IOException again) {
          throw new FaultException(
              "can not move process %d to %s: %s, nor to %s: %s"
                  .formatted(pid, hierarchy, e.getMessage(), group, again.getMessage()));
        }
      }
    }
  }

  private static void move(Path group, long pid) throws IOException {
    Files.writeString(group.resolve(PROCESSES), Long.toString(pid));
  }

  /** The path of version 2 in a process' own words (cgroups(7)), without its first slash. */
  private static String unified(String words) {
    return words
        .lines()
        .filter(l -> l.startsWith("0::/"))
        .map(l -> l.substring("0::/".length()))
        .findFirst()
        .orElse("");
  }
}
