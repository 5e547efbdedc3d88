package dev.muster.observe.effect;

import dev.muster.cluster.fault.Cordon;
import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.object.Budgets;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API server says that the node is unschedulable, and that none of the pods is left on it that
 * a drain has to move: those of before, and those that came until it was seen to be cordoned. It
 * lasts while the node is unschedulable.
 */
public final class NodeDrained implements Effect {
  private final KubernetesClient probe;
  private final String node;
  private final Evictable evictable;
  private final Set<String> there = new HashSet<>();
  private @Nullable String uid;
  private boolean cordoned;

  /**
   * @param evictable whom the drain has to move
   */
  public NodeDrained(KubernetesClient probe, String node, Evictable evictable) {
    this.probe = probe;
    this.node = node;
    this.evictable = evictable;
  }

  @Override
  public Optional<String> before() {
    Node now = probe.nodes().withName(node).get();
    if (now == null) {
      return Optional.of("node " + node + " is gone");
    }
    if (Cordon.on(now)) {
      return Optional.of(
          "node %s is cordoned already: the undo would lift the cordon of somebody else; kubectl uncordon %s first"
              .formatted(node, node));
    }
    uid = now.getMetadata().getUid();
    note();
    return Optional.empty();
  }

  private void note() {
    evictable.on(probe, node).forEach(p -> there.add(p.getMetadata().getUid()));
  }

  @Override
  public Optional<Map<String, String>> seen() {
    if (!unschedulable()) {
      return Optional.empty();
    }
    if (!cordoned) { // nobody comes after that who is to be moved
      cordoned = true;
      note();
    }
    return remaining().isEmpty()
        ? Optional.of(
            Map.of(
                "node",
                node + " is unschedulable",
                "pods",
                "the %d that a drain moves have left it".formatted(there.size())))
        : Optional.empty();
  }

  /** Another node by its name has not been drained. */
  private boolean unschedulable() {
    return found().filter(Cordon::on).isPresent();
  }

  private Optional<Node> found() {
    return Optional.ofNullable(probe.nodes().withName(node).get())
        .filter(n -> n.getMetadata().getUid().equals(uid));
  }

  private List<Pod> remaining() {
    return evictable.on(probe, node).stream()
        .filter(p -> there.contains(p.getMetadata().getUid()))
        .toList();
  }

  /** Each pod with the budget that does not let it go, or what else it waits for. */
  @Override
  public Map<String, String> left() {
    if (!unschedulable()) {
      return Map.of();
    }
    List<Pod> remaining = remaining();
    List<PodDisruptionBudget> budgets =
        remaining.isEmpty()
            ? List.of()
            : probe.policy().v1().podDisruptionBudget().inAnyNamespace().list().getItems();
    Map<String, String> left = new LinkedHashMap<>();
    remaining.forEach(pod -> left.put(Pods.object(pod), why(pod, budgets)));
    return left;
  }

  private static String why(Pod pod, List<PodDisruptionBudget> all) {
    List<PodDisruptionBudget> its = Budgets.of(pod, all);
    List<PodDisruptionBudget> closed = its.stream().filter(Budgets::closed).toList();
    if (Pods.terminating(pod)) {
      return "was told to end and has not ended";
    }
    if (its.size() > 1) {
      return "the API server evicts no pod that has several budgets: " + words(its);
    }
    return closed.isEmpty()
        ? "was not evicted, and no budget is against it"
        : "no disruption is allowed by " + words(closed);
  }

  private static String words(List<PodDisruptionBudget> budgets) {
    return budgets.stream().map(Budgets::words).collect(Collectors.joining(", "));
  }

  @Override
  public String unseen() {
    Map<String, String> left = left();
    return left.isEmpty()
        ? "node " + node + " was not unschedulable"
        : left.entrySet().stream()
            .map(e -> e.getKey() + ": " + e.getValue())
            .collect(Collectors.joining("; ", "left on node " + node + ": ", ""));
  }

  @Override
  public Look again() {
    Optional<Node> now = found();
    if (now.isEmpty()) {
      return new Spent(Map.of("node", node + " is gone, or another one by its name"));
    }
    return Cordon.on(now.get())
        ? new Lasts(Map.of("node", node + " is unschedulable"))
        : new Over(Map.of("node", node + " is schedulable"));
  }
}
