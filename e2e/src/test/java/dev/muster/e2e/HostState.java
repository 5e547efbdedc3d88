package dev.muster.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whatever a lab could leave on this machine, as lines. Processes count when they are in a network
 * namespace other than this one, or run one of the lab's programs.
 */
record HostState(Set<String> lines) {
  private static final Set<String> PROGRAMS =
      Set.of(
          "etcd",
          "kube-apiserver",
          "kube-controller",
          "kube-scheduler",
          "kubelet",
          "kube-proxy",
          "containerd",
          "containerd-shim",
          "haproxy",
          "network-policy",
          "unshare");

  static HostState now() {
    Set<String> lines = new TreeSet<>();
    run("ip", "-o", "link")
        .map(l -> l.split(":", 3)[1].strip())
        .forEach(l -> lines.add("link " + l));
    run("ip", "netns", "list").forEach(l -> lines.add("namespace " + l));
    run("ip", "route").forEach(l -> lines.add("route " + l));
    run("iptables-save").filter(l -> l.startsWith("-A")).forEach(l -> lines.add("rule " + l));
    cgroups().forEach(c -> lines.add("cgroup " + c));
    mounts().forEach(m -> lines.add("mount " + m));
    loops().forEach(l -> lines.add("loop device " + l));
    processes().forEach(p -> lines.add("process " + p));
    return new HostState(lines);
  }

  /** What is here and was not there before. */
  Set<String> beyond(HostState before) {
    Set<String> more = new TreeSet<>(lines);
    more.removeAll(before.lines);
    return more;
  }

  private static Stream<String> cgroups() {
    try (Stream<Path> tree = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
      return tree.filter(Files::isDirectory).map(Path::toString).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mounts")).stream().map(l -> l.split(" ", 3)[1]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the files that they carry; a loop device without one is free. */
  private static Stream<String> loops() {
    return run("losetup", "--noheadings", "--output", "NAME,BACK-FILE");
  }

  private static Stream<String> processes() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .map(pid -> name(pid) + " " + pid)
        .filter(p -> PROGRAMS.stream().anyMatch(p::startsWith));
  }

  private static String name(long pid) {
    try {
      String name = Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
      boolean ours = name.equals("java") && line(pid).contains("dev.muster.policy.");
      return ours ? "network-policy" : name;
    } catch (IOException e) {
      return ""; // it ended meanwhile
    }
  }

  private static String line(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
  }

  private static Stream<String> run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(List.of(command) + ": " + output);
      }
      return output.lines().collect(Collectors.toList()).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
