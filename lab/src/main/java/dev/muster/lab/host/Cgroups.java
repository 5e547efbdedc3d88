package dev.muster.lab.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How this host has its control groups: version 2 is one tree (cgroups(7)), version 1 one for each
 * controller, of which some are mounted together. A host with both has the controllers in version 1
 * and beside them a tree of version 2 without any.
 */
public sealed interface Cgroups {
  Path ROOT = Path.of("/sys/fs/cgroup");

  /** Those that a node needs. */
  List<String> wanted();

  /** Those that there are. */
  Set<String> controllers();

  /**
   * For the scripts that make a node: {@code v2}, or {@code CONTROLLERS=FOLDER} for each hierarchy
   * of version 1, with a blank between them.
   */
  String words();

  /** 1 or 2. */
  int version();

  /**
   * The one tree.
   *
   * @param controllers those that it may share out; a kernel without cpuset runs pods as well
   */
  record Unified(Set<String> controllers) implements Cgroups {
    @Override
    public List<String> wanted() {
      return List.of("memory", "cpu", "pids");
    }

    @Override
    public String words() {
      return "v2";
    }

    @Override
    public int version() {
      return 2;
    }
  }

  /** Version 1. */
  record Legacy(List<Hierarchy> hierarchies) implements Cgroups {
    private static final Set<String> NODE =
        Set.of(
            "memory",
            "cpu",
            "cpuacct",
            "cpuset",
            "pids",
            "devices",
            "freezer",
            "blkio",
            "name=systemd");

    @Override
    public List<String> wanted() {
      return List.of("memory", "cpu", "cpuset", "pids", "devices", "freezer", "blkio");
    }

    @Override
    public Set<String> controllers() {
      return hierarchies.stream()
          .flatMap(h -> h.controllers().stream())
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String words() {
      return hierarchies.stream()
          .filter(h -> h.controllers().stream().anyMatch(NODE::contains))
          .map(h -> String.join(",", h.controllers()) + "=" + h.folder())
          .collect(Collectors.joining(" "));
    }

    @Override
    public int version() {
      return 1;
    }
  }

  /**
   * @param controllers as the kernel was told them when it was mounted; one for {@code name=…}
   */
  record Hierarchy(Path folder, List<String> controllers) {
    private static final Set<String> KNOWN =
        Set.of(
            "blkio",
            "cpu",
            "cpuacct",
            "cpuset",
            "devices",
            "freezer",
            "hugetlb",
            "memory",
            "misc",
            "net_cls",
            "net_prio",
            "perf_event",
            "pids",
            "rdma");

    static List<String> named(String options) {
      return Arrays.stream(options.split(","))
          .filter(o -> KNOWN.contains(o) || o.startsWith("name="))
          .toList();
    }
  }

  /** Of this host, as it is now. */
  static Cgroups ofHost() {
    return of(Path.of("/proc"), ROOT);
  }

  /**
   * @param proc with {@code mounts}; what cannot be read mounts nothing
   * @param root whose {@code cgroup.controllers} tells what version 2 has
   */
  static Cgroups of(Path proc, Path root) {
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (String line : lines(proc.resolve("mounts"))) {
      String[] fields = line.split(" ", -1);
      if (fields.length < 4) {
        continue;
      }
      if (fields[2].equals("cgroup2") && fields[1].equals(ROOT.toString())) {
        return new Unified(
            lines(root.resolve("cgroup.controllers")).stream()
                .flatMap(l -> Arrays.stream(l.strip().split(" ")))
                .filter(c -> !c.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
      }
      if (fields[2].equals("cgroup") && fields[1].startsWith(ROOT + "/")) {
        hierarchies.add(new Hierarchy(Path.of(fields[1]), Hierarchy.named(fields[3])));
      }
    }
    return new Legacy(List.copyOf(hierarchies));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
