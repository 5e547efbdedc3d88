package dev.muster.cluster;

import dev.muster.drill.AgentPod;
import dev.muster.drill.Time;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** Lets an agent look at each node, for what faults left there and for what the node can do. */
public record NodeAudit(AgentPods pods, Time time) {
  private static final long PATIENCE_NANOS = 45_000_000_000L;
  private static final Duration STEP = Duration.ofMillis(300);

  /**
   * @param residue one line each; empty where all is clean
   * @param notLookedAt nodes that could not be looked at, with the reason
   * @param abilities by node: cgroup, iptables, netem, stress-ng
   */
  public record Found(
      List<String> residue, List<String> notLookedAt, Map<String, Map<String, String>> abilities) {}

  /**
   * What a new agent finds of one fault of the run on its node.
   *
   * @param name of the look, which can be used once in a run
   * @throws ClusterException if the node could not be looked at
   */
  public List<String> ofFault(String fault, String node, String name) throws InterruptedException {
    Node now =
        pods.client().nodes().list().getItems().stream()
            .filter(n -> n.getMetadata().getName().equals(node))
            .findFirst()
            .orElseThrow(() -> new ClusterException("node " + node + " is no more in the cluster"));
    Found found = look(List.of(now), "audit", name);
    if (!found.notLookedAt().isEmpty()) {
      throw new ClusterException(String.join("; ", found.notLookedAt()));
    }
    String run = pods.namespace().run();
    Pattern own =
        Pattern.compile(
            Pattern.quote(run + "." + fault)
                + "\\b|"
                + Pattern.quote(AgentArguments.id(run, fault))
                + "\\b|^qdisc ");
    return found.residue().stream().filter(line -> own.matcher(line).find()).toList();
  }

  /**
   * All nodes at once; one that is not Ready is not waited for.
   *
   * @param command {@code audit} or {@code clean}
   * @param name distinguishes audits of one run
   */
  public Found look(List<Node> nodes, String command, String name) throws InterruptedException {
    Found all = new Found(new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<String, Future<List<AgentPod.Said>>> looks = new LinkedHashMap<>();
      for (Node node : nodes) {
        String victim = node.getMetadata().getName();
        if (Pods.ready(node)) {
          looks.put(victim, threads.submit(() -> look(victim, command, name)));
        } else {
          all.notLookedAt().add("node " + victim + " is not Ready");
        }
      }
      looks.forEach((node, look) -> add(node, look, all));
    }
    return all;
  }

  private static void add(String node, Future<List<AgentPod.Said>> look, Found all) {
    try {
      List<AgentPod.Said> said = look.get();
      if (said.stream().noneMatch(s -> s.event().equals("audited"))) {
        all.notLookedAt()
            .add(
                "node "
                    + node
                    + ": "
                    + (said.isEmpty() ? "the agent said nothing" : said.getLast()));
      }
      for (AgentPod.Said each : said) {
        switch (each.event()) {
          case "residue" ->
              all.residue()
                  .add(each.detail().get("what") + " " + each.detail().get("name") + " on " + node);
          case "node" -> all.abilities().put(node, each.detail());
          default -> {
            // its course
          }
        }
      }
    } catch (ExecutionException e) {
      all.notLookedAt().add("node " + node + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      all.notLookedAt().add("node " + node + ": interrupted");
    }
  }

  private List<AgentPod.Said> look(String node, String command, String name)
      throws InterruptedException {
    AgentPod pod = pods.onNode(name + "-" + node, node, Map.of());
    pod.start(List.of(command));
    long deadline = time.nanos() + PATIENCE_NANOS;
    while (time.nanos() < deadline) {
      List<AgentPod.Said> said = pod.said();
      if (said.stream().anyMatch(s -> s.event().equals("audited"))) {
        return said;
      }
      String trouble = pod.trouble();
      if (!trouble.isEmpty()) {
        throw new ClusterException(trouble);
      }
      time.sleep(STEP);
    }
    return pod.said();
  }
}
