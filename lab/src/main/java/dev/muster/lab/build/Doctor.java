package dev.muster.lab.build;

import dev.muster.lab.host.Cgroups;
import dev.muster.lab.host.Inotify;
import dev.muster.lab.host.Packages;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the lab needs of this machine, what of it is there, and how to get the rest. */
public final class Doctor {
  private static final long GIGA = 1_000_000_000L;
  private static final long DISK = 15 * GIGA;
  private static final long MEMORY = 6 * GIGA;

  /** Of a lab as the ready drills have it. */
  private static final int NODES = 4;

  private static final long PATIENCE_SECONDS = 10;
  static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.\\d+)*");

  private final Path dist;
  private final Path cache;
  private final Lacking lacking;
  private final Path proc;
  private final Path cgroups;

  /**
   * One need.
   *
   * @param version what was found; empty if nothing was
   * @param howToGet what to do if it is missing
   */
  public record Need(String name, String why, boolean present, String version, String howToGet) {}

  /**
   * Takes the source tree and the cache folder, which need not exist yet.
   *
   * @param lacking from the cache: what makes nothing of it is not needed
   */
  public Doctor(Path dist, Path cache, Lacking lacking) {
    this(dist, cache, lacking, Path.of("/proc"), Cgroups.ROOT);
  }

  Doctor(Path dist, Path cache, Lacking lacking, Path proc, Path cgroups) {
    this.dist = dist;
    this.cache = cache;
    this.lacking = lacking;
    this.proc = proc;
    this.cgroups = cgroups;
  }

  /** Looks at everything anew; changes nothing. */
  public List<Need> table() {
    List<Need> needs = new ArrayList<>();
    needs.addAll(new Makers(lacking).table());
    needs.add(root());
    needs.add(program("containerd", "runs the pods", "containerd", "--version"));
    needs.add(program("ctr", "imports images", "containerd", "--version"));
    needs.add(program("runc", "runs the containers", "runc", "--version"));
    needs.add(program("etcd", "store of the control plane", "etcd-server", "--version"));
    needs.add(program("haproxy", "load balancer of the lab", "haproxy", "-v"));
    needs.add(program("iptables", "services and faults", "iptables", "--version"));
    needs.add(program("ipset", "network policies of the lab", "ipset", "--version"));
    needs.add(program("conntrack", "needed by kube-proxy", "conntrack", "--version"));
    needs.add(program("ip", "network of the nodes", "iproute2", "-V"));
    needs.add(program("nsenter", "enters the nodes", "util-linux", "--version"));
    needs.add(program("unshare", "makes the nodes", "util-linux", "--version"));
    needs.add(program("mkfs.ext4", "disks of the nodes", "e2fsprogs", "-V"));
    needs.add(loop(Path.of("/dev/loop-control")));
    needs.add(cniPlugins(Packages.cni().resolve("bridge")));
    needs.add(overlay());
    needs.addAll(cgroups());
    needs.add(tree());
    needs.add(disk());
    needs.add(memory());
    needs.add(inotify());
    return List.copyOf(needs);
  }

  private static Need root() {
    boolean present = false;
    String user = System.getProperty("user.name", "");
    try {
      present = Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException e) {
      user = "unknown: " + e.getMessage();
    }
    return new Need("root", "makes namespaces and networks", present, user, "run it as root");
  }

  static Need program(String name, String why, String debian, String... arguments) {
    String version = version(name, arguments);
    // some tell their version to root alone
    boolean present = version != null || onPath(name) != null;
    return new Need(name, why, present, version == null ? "" : number(version), install(debian));
  }

  static Need cniPlugins(Path bridge) {
    return new Need(
        "CNI plugins",
        "network of the pods",
        Files.isExecutable(bridge),
        Files.isExecutable(bridge) ? bridge.toString() : "",
        install("containernetworking-plugins"));
  }

  static Need loop(Path control) {
    boolean present = Files.exists(control);
    return new Need(
        "loop devices",
        "disks of the nodes",
        present,
        present ? control.toString() : "",
        "modprobe loop");
  }

  private Need overlay() {
    boolean loaded =
        lines("filesystems")
            .anyMatch(l -> l.strip().replaceFirst("^nodev\\s+", "").equals("overlay"));
    return overlay(loaded, loaded || module("overlay"));
  }

  static Need overlay(boolean loaded, boolean present) {
    return new Need(
        "overlay",
        "file systems of nodes and containers",
        present,
        loaded ? "in the kernel" : present ? "a module" : "",
        "modprobe overlay");
  }

  /** Whether the kernel could load it; mount(8) does so by itself. */
  private static boolean module(String name) {
    return version("modprobe", "--dry-run", "--quiet", name) != null;
  }

  private List<Need> cgroups() {
    Cgroups here = Cgroups.of(proc, cgroups);
    return here.wanted().stream()
        .map(c ->
            new Need(
                "cgroup v" + here.version() + " " + c,
                "limits and power of nodes",
                here.controllers().contains(c),
                here.controllers().contains(c) ? "there" : "",
                switch (here) {
                  case Cgroups.Legacy _ ->
                      "mount -t cgroup -o %s cgroup /sys/fs/cgroup/%s".formatted(c, c);
                  case Cgroups.Unified _ ->
                      "boot without cgroup_disable=%s, or give this container the controller"
                          .formatted(c);
                }))
        .toList();
  }

  private Need tree() {
    boolean present = Files.isRegularFile(dist.resolve("images/images.yaml"));
    return new Need(
        "source tree",
        "recipes of components and images",
        present,
        present ? dist.toString() : "",
        "start Muster by ./muster of its source tree");
  }

  private Need disk() {
    long free = -1;
    for (Path p = cache.toAbsolutePath(); p != null; p = p.getParent()) {
      if (Files.exists(p)) {
        free = p.toFile().getUsableSpace();
        break;
      }
    }
    return new Need(
        "disk " + gigabytes(DISK),
        "components and images in " + cache,
        free >= DISK,
        free < 0 ? "" : gigabytes(free) + " free",
        "free space there, or set MUSTER_CACHE to a folder with more");
  }

  private Need memory() {
    long total =
        lines("meminfo")
            .filter(l -> l.startsWith("MemTotal:"))
            .map(l -> l.replaceAll("\\D", ""))
            .filter(n -> !n.isEmpty())
            .mapToLong(n -> Long.parseLong(n) * 1024)
            .findFirst()
            .orElse(-1);
    return new Need(
        "memory " + gigabytes(MEMORY),
        "control plane, nodes and service",
        total >= MEMORY,
        total < 0 ? "" : gigabytes(total),
        "use a machine with more memory");
  }

  private Need inotify() {
    int wanted = Inotify.wanted(NODES);
    Inotify inotify = Inotify.of(proc);
    return new Need(
        "inotify instances " + wanted,
        "kubelets and control plane of one more lab",
        inotify == null || inotify.holds(wanted),
        inotify == null ? "no limit is known" : inotify.toString(),
        Inotify.MORE);
  }

  static String number(String text) {
    Matcher m = NUMBERS.matcher(text);
    return m.find() ? m.group() : text.lines().findFirst().orElse("").strip();
  }

  private static String gigabytes(long bytes) {
    return bytes / GIGA + " GB";
  }

  static String install(String debian) {
    return Packages.ofHost().install(debian);
  }

  private Stream<String> lines(String file) {
    try {
      return Files.readAllLines(proc.resolve(file)).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  static @Nullable Path onPath(String program) {
    String path = System.getenv("PATH");
    return Arrays.stream((path == null ? "" : path).split(File.pathSeparator))
        .filter(f -> !f.isEmpty())
        .map(f -> Path.of(f, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** What a program says about itself; null if it is not there, hangs or fails. */
  static @Nullable String version(String program, String... arguments) {
    if (onPath(program) == null) {
      return null;
    }
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    try {
      Path output = Files.createTempFile("muster-doctor", ".txt");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return null;
        }
        return process.exitValue() == 0
            ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
            : null;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
