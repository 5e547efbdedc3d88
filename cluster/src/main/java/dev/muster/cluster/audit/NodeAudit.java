package dev.muster.cluster.audit;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.object.AgentNodes;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.select.NodeSelectorTerms;
import dev.muster.drill.port.AgentPod;
import dev.muster.drill.port.AgentWait;
import dev.muster.drill.time.Time;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Lets agents look at nodes, for what faults left there and for what the nodes can do. */
public record NodeAudit(AgentPods pods, Time time) {
  /**
   * @param residue one line each; empty where all is clean
   * @param notLookedAt nodes that had to be looked at and could not be, with the reason
   * @param passedOver the others that could not be, with the reason
   * @param abilities by node: cgroup, iptables, netem, stress-ng
   */
  public record Found(
      List<String> residue,
      List<String> notLookedAt,
      List<String> passedOver,
      Map<String, Map<String, String>> abilities) {}

  /**
   * What a new agent finds of one fault of the run on its node.
   *
   * @param name of the look, which can be used once in a run
   * @throws ClusterException if the node could not be looked at
   */
  public List<String> ofFault(String fault, String node, String name) throws InterruptedException {
    Node now =
        Pages.all(pods.client().nodes()).stream()
            .filter(n -> n.getMetadata().getName().equals(node))
            .findFirst()
            .orElseThrow(() -> new ClusterException("node " + node + " is no more in the cluster"));
    Found found = look(List.of(now), _ -> true, "audit", name);
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
   * All nodes at once; one that cannot run an agent now is not waited for.
   *
   * @param needed whether a node that was not looked at leaves a question open
   * @param command {@code audit} or {@code clean}
   * @param name distinguishes audits of one run
   */
  public Found look(List<Node> nodes, Predicate<Node> needed, String command, String name)
      throws InterruptedException {
    Found all =
        new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Node, Future<AgentWait.Heard>> looks = new LinkedHashMap<>();
      for (Node node : nodes) {
        AgentNodes.not(node)
            .ifPresentOrElse(
                why ->
                    missed(node, needed, all)
                        .add("node " + NodeSelectorTerms.name(node) + " " + why),
                () ->
                    looks.put(
                        node,
                        threads.submit(() -> look(NodeSelectorTerms.name(node), command, name))));
      }
      looks.forEach(
          (node, look) -> add(NodeSelectorTerms.name(node), look, all, missed(node, needed, all)));
    }
    return all;
  }

  private static List<String> missed(Node node, Predicate<Node> needed, Found all) {
    return needed.test(node) ? all.notLookedAt() : all.passedOver();
  }

  /**
   * @param missed gets the node if it was not looked at
   */
  private static void add(
      String node, Future<AgentWait.Heard> look, Found all, List<String> missed) {
    try {
      AgentWait.Heard heard = look.get();
      if (!heard.why().isEmpty()) {
        missed.add("node " + node + ": " + heard.why());
      }
      for (AgentLine each : heard.words()) {
        switch (each.event()) {
          case AgentEvent.Residue left ->
              all.residue().add(left.what() + " " + left.name() + " on " + node);
          case AgentEvent.Node can -> all.abilities().put(node, can.abilities());
          case AgentEvent.Unknown other ->
              missed.add(
                  "node " + node + ": its agent is of another version, and says " + other.word());
          default -> {
            // its course
          }
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      missed.add("node " + node + ": " + cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      missed.add("node " + node + ": interrupted");
    }
  }

  private AgentWait.Heard look(String node, String command, String name)
      throws InterruptedException {
    AgentPod pod = pods.onNode(name + "-" + node, node, Map.of());
    pod.start(List.of(command));
    return AgentWait.until(
        said -> said.stream().anyMatch(s -> s.event() instanceof AgentEvent.Audited),
        pod::said,
        pod,
        time);
  }
}
