package dev.muster.agent;

import dev.muster.agent.deed.Netem;
import dev.muster.agent.node.Cgroup;
import dev.muster.agent.node.FaultException;
import dev.muster.agent.node.IptablesChain;
import dev.muster.agent.node.NodeProcess;
import dev.muster.agent.node.Programs;
import dev.muster.agent.words.AgentEventWriter;
import dev.muster.wire.AgentEvent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Looks on a node for what faults may have left, by the names that only they have, and says what
 * the node can do. Cleaning goes through each fault's own undo first, then by name.
 *
 * @param home the faults' folders on the node
 */
record Audit(Path home, Path cgroups, AgentEventWriter events) {
  private static final long PATIENCE_NANOS = 15_000_000_000L;

  int run(boolean clean) throws InterruptedException {
    events.say(new AgentEvent.Node(abilities()));
    if (clean) {
      clean();
    }
    residue().forEach(events::say);
    events.say(new AgentEvent.Audited());
    return 0;
  }

  private Map<String, String> abilities() {
    Map<String, String> can = new LinkedHashMap<>();
    can.put("cgroup", Cgroup.hierarchies(cgroups).size() == 1 ? "v2" : "v1");
    try {
      can.put("iptables", IptablesChain.flavour());
    } catch (FaultException e) {
      can.put("iptables", "none: " + e.getMessage());
    }
    can.put("netem", Boolean.toString(Netem.available()));
    Programs.Result stress = Programs.tried("stress-ng", "--version");
    can.put("stress-ng", stress.good() ? stress.output() : "none: " + stress.output());
    return can;
  }

  List<AgentEvent.Residue> residue() {
    List<AgentEvent.Residue> left = new ArrayList<>();
    folders().forEach(f -> left.add(new AgentEvent.Residue("folder", f.toString())));
    IptablesChain.ours()
        .forEach(c -> left.add(new AgentEvent.Residue("chain", c.program() + " " + c.name())));
    Cgroup.ours(cgroups).forEach(g -> left.add(new AgentEvent.Residue("cgroup", g.toString())));
    watchers()
        .forEach(p -> left.add(new AgentEvent.Residue("process", p.pid() + " " + p.command())));
    if (Programs.run(List.of("tc", "qdisc", "show")).contains(" " + Netem.HANDLE + " ")) {
      left.add(new AgentEvent.Residue("qdisc", Netem.HANDLE));
    }
    return left;
  }

  /** Undo processes, of whatever fault. */
  private List<NodeProcess> watchers() {
    return NodeProcess.all().stream()
        .filter(p -> p.command().contains("undo.sh " + home + "/"))
        .toList();
  }

  private List<Path> folders() {
    return list(home, "*");
  }

  private static List<Path> list(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, glob)) {
        all.forEach(found::add);
      } catch (IOException e) {
        throw AgentEventWriter.failed("can not list " + folder, e);
      }
    }
    return found;
  }

  private void clean() throws InterruptedException {
    for (Path folder : folders()) {
      fire(folder);
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!folders().isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    // what no folder knows any more
    Path scripts = home.resolve("cleanup");
    try {
      List<String> lines = new ArrayList<>();
      IptablesChain.ours().forEach(c -> lines.add(c.undo()));
      Cgroup.ours(cgroups).forEach(g -> lines.add("cgroup " + g));
      if (!lines.isEmpty()) {
        Files.createDirectories(scripts);
        ArmedUndo armed = ArmedUndo.arm(scripts, lines, java.time.Duration.ofSeconds(60), cgroups);
        armed.fire(java.time.Duration.ofNanos(PATIENCE_NANOS));
      }
    } catch (IOException e) {
      events.say(new AgentEvent.NotCleaned(String.valueOf(e.getMessage())));
    }
    for (Path folder : folders()) {
      remove(folder);
    }
  }

  /** Tells the fault's own undo; starts one where it is gone, as after a reboot. */
  private void fire(Path folder) throws InterruptedException {
    try {
      boolean watched =
          watchers().stream().anyMatch(p -> p.command().contains("undo.sh " + folder + " "));
      if (watched) {
        Files.writeString(folder.resolve("now"), "");
        return;
      }
      Path undo = folder.resolve("undo");
      if (Files.exists(undo)) {
        List<String> lines = Files.readAllLines(undo);
        ArmedUndo.arm(folder, lines, java.time.Duration.ofSeconds(60), cgroups)
            .fire(java.time.Duration.ofNanos(PATIENCE_NANOS));
      }
    } catch (IOException e) {
      events.say(new AgentEvent.NotCleaned(folder + ": " + e.getMessage()));
    }
  }

  /** Only what has nothing to undo any more. */
  private void remove(Path folder) {
    if (Files.exists(folder.resolve("failed"))) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      events.say(new AgentEvent.NotCleaned(folder + ": " + e.getMessage()));
    }
  }
}
