package dev.muster.engine;

import dev.muster.cluster.AgentPods;
import dev.muster.cluster.ApiWords;
import dev.muster.cluster.NodeAudit;
import dev.muster.cluster.Pages;
import dev.muster.cluster.Pods;
import dev.muster.cluster.Residue;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.FaultKind;
import dev.muster.drill.Power;
import dev.muster.drill.Time;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run may leave: on nodes (an agent looks where agents carried faults), nodes that are off
 * or not Ready, their unreachable taints, and objects that carry Muster's label. The service that
 * the drill deployed is no residue: the drill asked for it.
 *
 * @param run whose own pods are removed before the look; what is left of any run is residue
 */
record Audits(
    KubernetesClient client, @Nullable Power power, Drill drill, AgentPods pods, String run, Time time) {

  /**
   * @param command {@code audit}, or {@code clean} to remove what is found on nodes first
   */
  Ports.Audit look(String command) throws InterruptedException {
    List<String> residue = new ArrayList<>();
    List<String> notLookedAt = new ArrayList<>();
    try {
      List<Node> nodes = Pages.all(client.nodes());
      if (drill.faults().stream().anyMatch(f -> f.kind().byAgent())) {
        NodeAudit.Found found = new NodeAudit(pods, time).look(nodes, command, command);
        residue.addAll(found.residue());
        notLookedAt.addAll(found.notLookedAt());
      }
      if (throughAgents(drill) && !new Residue(client, run, time).remove()) {
        notLookedAt.add("objects of the run could not be removed in time");
      }
      for (Node node : nodes) {
        look(node, residue, notLookedAt);
      }
      residue.addAll(new Residue(client, null, time).look());
    } catch (KubernetesClientException e) {
      notLookedAt.add("cluster: " + ApiWords.why(e));
    }
    return new Ports.Audit(residue, notLookedAt);
  }

  /** Whether a fault needs pods of ours in the cluster. */
  static boolean throughAgents(Drill drill) {
    return drill.faults().stream().map(Fault::kind).anyMatch(Audits::needsPods);
  }

  private static boolean needsPods(FaultKind kind) {
    return kind.byAgent() || kind instanceof FaultKind.NetworkPolicy;
  }

  private void look(Node node, List<String> residue, List<String> notLookedAt) {
    String name = node.getMetadata().getName();
    try {
      if (power != null && power.state(name) == Power.State.OFF) {
        residue.add("node " + name + " is switched off");
      }
    } catch (Power.PowerException e) {
      notLookedAt.add("power of " + name + ": " + e.getMessage());
    }
    if (!Pods.ready(node)) {
      residue.add("node " + name + " is not Ready");
    }
    if (node.getSpec().getTaints() != null) {
      node.getSpec().getTaints().stream()
          .filter(t -> t.getKey().equals("node.kubernetes.io/unreachable"))
          .forEach(t -> residue.add("taint " + t.getKey() + ":" + t.getEffect() + " on " + name));
    }
  }
}
