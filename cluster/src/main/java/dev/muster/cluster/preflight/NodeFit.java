package dev.muster.cluster.preflight;

import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether a node lets a pod in at all, whoever else is on it. */
final class NodeFit {
  private NodeFit() {}

  /** Why not, in a few words; empty if it does. */
  static Optional<String> refusal(Pod pod, Node node) {
    return taint(pod, node)
        .map(t ->
            "taint "
                + t.getKey()
                + "="
                + Objects.requireNonNullElse(t.getValue(), "")
                + ":"
                + t.getEffect())
        .or(() -> wanted(pod, node) ? Optional.empty() : Optional.of("not in its node affinity"));
  }

  /** The first taint that keeps the pod away. */
  static Optional<Taint> taint(Pod pod, Node node) {
    return Pods.taints(node).stream()
        .filter(t -> !t.getEffect().equals("PreferNoSchedule"))
        .filter(t ->
            Amounts.orNone(pod.getSpec().getTolerations()).stream()
                .noneMatch(toleration -> tolerates(toleration, t)))
        .findFirst();
  }

  private static boolean tolerates(Toleration toleration, Taint taint) {
    String key = Objects.requireNonNullElse(toleration.getKey(), "");
    String effect = Objects.requireNonNullElse(toleration.getEffect(), "");
    String operator = Objects.requireNonNullElse(toleration.getOperator(), "Equal");
    if (!effect.isEmpty() && !effect.equals(taint.getEffect())) {
      return false;
    }
    return switch (operator) {
      case "Exists" -> key.isEmpty() || key.equals(taint.getKey());
      case "Equal" ->
          key.equals(taint.getKey())
              && Objects.requireNonNullElse(toleration.getValue(), "")
                  .equals(Objects.requireNonNullElse(taint.getValue(), ""));
      default -> false; // a comparison that is newer than this: better refused than promised
    };
  }

  /** The pod's node selector and its required node affinity mean this node. */
  static boolean wanted(Pod pod, Node node) {
    Map<String, String> selector = pod.getSpec().getNodeSelector();
    if (selector != null && !Pods.matches(node, selector)) {
      return false;
    }
    var affinity = pod.getSpec().getAffinity();
    if (affinity == null
        || affinity.getNodeAffinity() == null
        || affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution() == null) {
      return true;
    }
    return affinity
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .stream()
        .anyMatch(term -> holds(term, node));
  }

  /** What a volume's affinity asks, this node has. */
  static boolean reaches(NodeSelector affinity, Node node) {
    return affinity.getNodeSelectorTerms().stream().anyMatch(term -> holds(term, node));
  }

  private static boolean holds(NodeSelectorTerm term, Node node) {
    List<NodeSelectorRequirement> labels = Amounts.orNone(term.getMatchExpressions());
    List<NodeSelectorRequirement> fields = Amounts.orNone(term.getMatchFields());
    Map<String, String> field = Map.of("metadata.name", node.getMetadata().getName());
    return !(labels.isEmpty() && fields.isEmpty()) // an empty term means nothing
        && labels.stream().allMatch(r -> holds(r, Pods.labels(node)))
        && fields.stream().allMatch(r -> holds(r, field));
  }

  private static boolean holds(NodeSelectorRequirement requirement, Map<String, String> labels) {
    return Labels.holds(
        requirement.getKey(),
        requirement.getOperator(),
        Amounts.orNone(requirement.getValues()),
        labels);
  }
}
