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
 * a drain has to move: those of before, and those that do not tolerate the cordon. It lasts while
 * the node is unschedulable by the fault, as its label says.
 */
public final class NodeDrained implements Effect {
  private final KubernetesClient probe;
  private final String node;
  private final Evictable evictable;
  private final String label;
  private final Set<String> there = new HashSet<>();
  private @Nullable String uid;

  /**
   * @param evictable whom the drain has to move
   * @param label of the fault, by which its cordon is known from another's
   */
  public NodeDrained(KubernetesClient probe, String node, Evictable evictable, String label) {
    this.probe = probe;
    this.node = node;
    this.evictable = evictable;
    this.label = label;
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
    evictable.on(probe, node).forEach(p -> there.add(p.getMetadata().getUid()));
    return Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    // a cache that is behind may show who has left, and may not have heard of who has come
    return unschedulable()
            && remaining(evictable.cachedOn(probe, node)).isEmpty()
            && remaining(evictable.on(probe, node)).isEmpty()
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

  /** Of a cordoned node's; whoever does not tolerate that was put there before it was known. */
  private List<Pod> remaining(List<Pod> now) {
    now.stream()
        .filter(p -> !Evictable.toleratesCordon(p))
        .forEach(p -> there.add(p.getMetadata().getUid()));
    return now.stream().filter(p -> there.contains(p.getMetadata().getUid())).toList();
  }

  /** Each pod with the budget that does not let it go, or what else it waits for. */
  @Override
  public Map<String, String> left() {
    if (!unschedulable()) {
      return Map.of();
    }
    List<Pod> remaining = remaining(evictable.on(probe, node));
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
    if (!Cordon.on(now.get())) {
      return new Over(Map.of("node", node + " is schedulable"));
    }
    return Cordon.labelled(now.get(), label)
        ? new Lasts(Map.of("node", node + " is unschedulable"))
        : new Over(
            Map.of("node", node + " has not the fault's label: it is cordoned by somebody else"));
  }
}
