package dev.muster.engine.after;

import dev.muster.cluster.audit.NodeAudit;
import dev.muster.cluster.audit.Residue;
import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.run.AgentPods;
import dev.muster.drill.Drill;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.Time;
import dev.muster.engine.run.Ports;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a run may leave: on nodes (an agent looks where agents carried faults, and wherever else one
 * can run), nodes that are off or not Ready, their unreachable taints, and objects that carry
 * Muster's label. The service that the drill deployed is no residue: the drill asked for it.
 *
 * @param run whose own pods are removed before the look; what is left of any run is residue
 */
public record Audits(
    KubernetesClient client,
    @Nullable Power power,
    Drill drill,
    AgentPods pods,
    String run,
    Time time) {

  /**
   * @param command {@code audit}, or {@code clean} to remove what is found on nodes first
   * @param disturbed nodes on which faults were: there it must be looked
   * @param healthy other nodes that were Ready before; of one that was not, nothing is expected
   */
  public Ports.Audit look(String command, Set<String> disturbed, Set<String> healthy)
      throws InterruptedException {
    Ports.Audit all = new Ports.Audit(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try {
      List<Node> nodes = Pages.all(client.nodes());
      if (byAgent(drill)) {
        NodeAudit.Found found = nodes(pods, drill, nodes, disturbed, command, command, time);
        all.residue().addAll(found.residue());
        all.notLookedAt().addAll(found.notLookedAt());
        all.passedOver().addAll(found.passedOver());
      }
      if (leavesObjects(drill) && !new Residue(client, run, time).remove()) {
        all.notLookedAt().add("objects of the run could not be removed in time");
      }
      for (Node node : nodes) {
        String name = node.getMetadata().getName();
        boolean ours = disturbed.contains(name);
        power(name, ours, all);
        if (ours || healthy.contains(name)) {
          state(node, all.residue());
        }
      }
      all.residue().addAll(new Residue(client, null, time).look());
    } catch (KubernetesClientException e) {
      all.notLookedAt().add("cluster: " + ApiErrors.why(e));
    }
    return all;
  }

  /**
   * Agents look on all nodes but those that the drill names as protected.
   *
   * @param needed nodes that must be looked at
   */
  public static NodeAudit.Found nodes(
      AgentPods pods,
      Drill drill,
      List<Node> nodes,
      Set<String> needed,
      String command,
      String name,
      Time time)
      throws InterruptedException {
    Predicate<Node> protectedByName =
        node -> drill.protect().nodes().contains(node.getMetadata().getName());
    NodeAudit.Found found =
        new NodeAudit(pods, time)
            .look(
                nodes.stream().filter(protectedByName.negate()).toList(),
                node -> needed.contains(node.getMetadata().getName()),
                command,
                name);
    nodes.stream()
        .filter(protectedByName)
        .forEach(node ->
            found
                .passedOver()
                .add("node " + node.getMetadata().getName() + " is named under protect.nodes"));
    return found;
  }

  /** Whether an agent carries one of the faults on a node. */
  public static boolean byAgent(Drill drill) {
    return drill.faults().stream().anyMatch(f -> f.kind().byAgent());
  }

  /** Whether a fault or the load needs pods of ours in the cluster. */
  public static boolean throughAgents(Drill drill) {
    Drill.Load load = drill.load();
    return (load != null && load.inCluster() != null)
        || drill.faults().stream().anyMatch(f -> f.kind().needsPods());
  }

  /** Whether the run puts or changes anything in the cluster that {@link Residue} would find. */
  public static boolean leavesObjects(Drill drill) {
    return throughAgents(drill)
        || drill.faults().stream()
            .anyMatch(f -> f.kind().ofWorkloads() || f.kind().is(Trait.EVICTS_PODS));
  }

  private void power(String node, boolean ours, Ports.Audit all) {
    try {
      if (power != null && power.state(node) == Power.State.OFF) {
        all.residue().add("node " + node + " is switched off");
      }
    } catch (Power.PowerException e) {
      (ours ? all.notLookedAt() : all.passedOver()).add("power of " + node + ": " + e.getMessage());
    }
  }

  private static void state(Node node, List<String> residue) {
    String name = node.getMetadata().getName();
    if (!Pods.ready(node)) {
      residue.add("node " + name + " is not Ready");
    }
    Pods.unreachable(node)
        .forEach(t -> residue.add("taint " + t.getKey() + ":" + t.getEffect() + " on " + name));
  }
}
