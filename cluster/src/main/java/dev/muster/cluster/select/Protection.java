package dev.muster.cluster.select;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.drill.Drill;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** What no fault may touch: by the drill's word, as part of the control plane, or as Muster's. */
public final class Protection {
  private static final List<String> CONTROL_PLANE =
      List.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master");

  private final Drill.Protect protect;
  private final Snapshot snapshot;

  Protection(Drill.Protect protect, Snapshot snapshot) {
    this.protect = protect;
    this.snapshot = snapshot;
  }

  /** Why this node is nobody's victim; empty if it may be one. */
  Optional<String> ofNode(Node node) {
    var labels = Pods.labels(node);
    if ("ops".equals(labels.get("muster.dev/role"))) {
      return Optional.of("labelled muster.dev/role=ops");
    }
    if (protect.nodes().contains(node.getMetadata().getName())) {
      return Optional.of("named under protect.nodes");
    }
    if (protect.controlPlane() && controlPlane(node)) {
      return Optional.of("control plane; protect.controlPlane: false permits it");
    }
    return Optional.empty();
  }

  public static boolean controlPlane(Node node) {
    return CONTROL_PLANE.stream().anyMatch(Pods.labels(node)::containsKey);
  }

  /** Why the pods of this namespace are nobody's victims. */
  Optional<String> ofNamespace(String namespace) {
    return protect.namespaces().contains(namespace)
        ? Optional.of("named under protect.namespaces, where kube-system stands by default")
        : Optional.empty();
  }

  /** Its namespace is protected, or the node that it is on. */
  Optional<String> ofPod(Pod pod) {
    String node = pod.getSpec().getNodeName();
    return ofNamespace(pod.getMetadata().getNamespace())
        .map(why -> "namespace " + pod.getMetadata().getNamespace() + " is protected: " + why)
        .or(() ->
            Optional.ofNullable(node)
                .flatMap(snapshot::node)
                .flatMap(this::ofNode)
                .map(why -> "its node " + node + " is protected: " + why));
  }
}
