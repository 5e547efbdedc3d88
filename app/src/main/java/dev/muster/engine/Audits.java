package dev.muster.engine;

import dev.muster.drill.Drill;
import dev.muster.drill.Power;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run may leave: nodes that are off or not Ready, their unreachable taints, and objects that
 * carry Muster's label. The service that the drill deployed is no residue: the drill asked for it.
 */
final class Audits {
  private Audits() {}

  static Ports.Audit of(KubernetesClient client, Site site, Drill drill) {
    List<String> residue = new ArrayList<>();
    List<String> notLookedAt = new ArrayList<>();
    try {
      for (Node node : client.nodes().list().getItems()) {
        look(node, site, residue, notLookedAt);
      }
      client
          .namespaces()
          .withLabel("app.kubernetes.io/managed-by", "muster")
          .list()
          .getItems()
          .forEach(n -> residue.add("namespace " + n.getMetadata().getName()));
      client
          .pods()
          .inAnyNamespace()
          .withLabel("app.kubernetes.io/managed-by", "muster")
          .list()
          .getItems()
          .forEach(p -> residue.add("pod " + p.getMetadata().getName()));
    } catch (KubernetesClientException e) {
      notLookedAt.add("cluster: " + e.getMessage());
    }
    return new Ports.Audit(residue, notLookedAt);
  }

  private static void look(Node node, Site site, List<String> residue, List<String> notLookedAt) {
    String name = node.getMetadata().getName();
    Power power = site.power();
    try {
      if (power != null && power.state(name) == Power.State.OFF) {
        residue.add("node " + name + " is switched off");
      }
    } catch (Power.PowerException e) {
      notLookedAt.add("power of " + name + ": " + e.getMessage());
    }
    if (!dev.muster.cluster.Pods.ready(node)) {
      residue.add("node " + name + " is not Ready");
    }
    if (node.getSpec().getTaints() != null) {
      node.getSpec().getTaints().stream()
          .filter(t -> t.getKey().equals("node.kubernetes.io/unreachable"))
          .forEach(t -> residue.add("taint " + t.getKey() + ":" + t.getEffect() + " on " + name));
    }
  }
}
