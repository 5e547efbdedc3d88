package dev.muster.agent;

import dev.muster.agent.node.Cgroup;
import dev.muster.agent.node.IptablesChain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small node for the agent: a network namespace with a link to another one, the machine's real
 * iptables, cgroups and processes. Each has names of its own, so that several live side by side.
 * Needs root.
 */
final class Host implements AutoCloseable {
  static final String ADDRESS = "10.253.7.2";
  static final String PEER = "10.253.7.1";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Path home;
  private final String id = "t" + COUNT.incrementAndGet();
  private final String node = "mstr-%s-node".formatted(id);
  private final String peer = "mstr-%s-peer".formatted(id);
  private final List<Process> started = new ArrayList<>();

  Host(Path home) {
    this.home = home;
    remove();
    run("ip", "netns", "add", node);
    run("ip", "netns", "add", peer);
    run(
        "ip", "-n", node, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns",
        peer);
    for (String[] end : new String[][] {{node, ADDRESS}, {peer, PEER}}) {
      run("ip", "-n", end[0], "addr", "add", end[1] + "/24", "dev", "eth0");
      run("ip", "-n", end[0], "link", "set", "eth0", "up");
      run("ip", "-n", end[0], "link", "set", "lo", "up");
    }
  }

  /** Of the fault that is injected here: chains and cgroups are named after it. */
  String id() {
    return id;
  }

  /** The agent on the node, with a PATH that begins with a folder of its own. */
  Process agent(Path path, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nsenter",
                "--net=/run/netns/" + node,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.muster.agent.Agent"));
    command.addAll(List.of(arguments));
    command.add("home=" + home.resolve("muster"));
    command.add("cgroups=/sys/fs/cgroup");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
      builder.environment().merge("PATH", path + ":", (old, first) -> first + old);
      Process process = builder.start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Process agent(String... arguments) {
    return agent(home, arguments);
  }

  /** Somebody else on the node. */
  void stranger(String... command) {
    in(node, command);
  }

  /** A process that is a victim of something. */
  Process victim(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path log() {
    return home.resolve("agent.log");
  }

  boolean said(String event) {
    return lines().contains("\"event\":\"" + event + "\"");
  }

  String lines() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rules of the node's firewall that are ours. */
  List<String> rules() {
    return Map.of("iptables-nft-save", "", "iptables-legacy-save", "").keySet().stream()
        .flatMap(p -> in(node, p).lines())
        .filter(l -> l.contains(IptablesChain.PREFIX))
        .toList();
  }

  boolean reaches() {
    return exit("nsenter", "--net=/run/netns/" + peer, "ping", "-c", "1", "-W", "1", ADDRESS) == 0;
  }

  /** Folders of faults, and cgroups of them. */
  List<Path> left() {
    List<Path> left = new ArrayList<>();
    try {
      if (Files.isDirectory(home.resolve("muster"))) {
        try (var all = Files.list(home.resolve("muster"))) {
          all.forEach(left::add);
        }
      }
      try (var groups = Files.walk(Path.of("/sys/fs/cgroup"), 2)) {
        groups
            .filter(g -> g.getFileName().toString().equals(Cgroup.PREFIX + id))
            .forEach(left::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return left;
  }

  private static String in(String namespace, String... command) {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
    all.addAll(List.of(command));
    try {
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) {
    if (exit(command) != 0) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }

  private static int exit(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void remove() {
    exit("ip", "netns", "del", node);
    exit("ip", "netns", "del", peer);
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
    remove();
  }
}
