package dev.muster.cluster.preflight;

import dev.muster.cluster.fault.Cordon;
import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.select.NodeSelectorTerms;
import dev.muster.cluster.select.PodSelectorTerms;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the nodes that stay can hold the pods of nodes that are gone all at once, found out by
 * packing one pod after another as a scheduler would. Where pods could just be packed by a cleverer
 * order it may refuse; it does not promise room that is not there. Volumes, host ports and
 * preemption are not looked at.
 *
 * @param moving how many pods have to find another place
 * @param missing a sentence with numbers for each that finds none
 */
public record Headroom(int moving, List<String> missing) {

  /**
   * @param lost all nodes that may be down, cut off or drained at the same time
   * @param drained those of them that are drained, with who leaves them: these are told to go while
   *     their kubelet lives, so that a StatefulSet's pod is made anew too, and no toleration is
   *     waited for
   */
  public static Headroom of(Snapshot snapshot, Set<String> lost, Map<String, Evictable> drained) {
    List<Pod> moving =
        snapshot.living().stream()
            .filter(p -> lost.stream().anyMatch(n -> leaves(p, n, drained.get(n))))
            .toList();
    return new Packing(snapshot, lost, moving).pack();
  }

  private static boolean leaves(Pod pod, String node, @Nullable Evictable drained) {
    return drained == null
        ? moves(pod, node)
        : Pods.on(pod, node) && drained.is(pod) && Pods.owner(pod).isPresent();
  }

  /**
   * The loss of its node makes somebody create the pod anew elsewhere. A StatefulSet's pod is not:
   * the controller waits until the old one is gone from the API, and on a dead node it never goes.
   */
  static boolean moves(Pod pod, String node) {
    return Pods.on(pod, node)
        && !Pods.ofNode(pod)
        && Pods.tolerationSeconds(pod).isPresent()
        && Pods.owner(pod).filter(o -> !o.getKind().equals("StatefulSet")).isPresent();
  }

  private static final class Packing {
    private final List<Node> staying;
    private final Map<String, Amounts> free = new HashMap<>();
    private final Amounts largest;
    private final SchedulingConstraints constraints;
    private final List<Pod> moving;

    Packing(Snapshot snapshot, Set<String> lost, List<Pod> moving) {
      this.moving = moving;
      constraints = new SchedulingConstraints(snapshot, lost, moving);
      staying =
          snapshot.nodes().stream()
              .filter(n -> !lost.contains(NodeSelectorTerms.name(n)))
              .filter(n -> Pods.ready(n) && !Cordon.on(n))
              .toList();
      Amounts most = Amounts.NOTHING;
      for (Node node : staying) {
        Amounts whole = Amounts.of(node.getStatus().getAllocatable());
        most = most.max(whole);
        Amounts left = whole;
        for (Pod pod : snapshot.livingOn(NodeSelectorTerms.name(node))) {
          left = left.minus(Amounts.requestedBy(pod));
        }
        free.put(NodeSelectorTerms.name(node), left);
      }
      largest = most;
    }

    /** Those with the fewest nodes to choose from first, then the largest. */
    Headroom pack() {
      List<String> missing = new ArrayList<>();
      moving.stream()
          .sorted(
              Comparator.comparingLong(this::choices)
                  .thenComparingDouble(p -> -Amounts.requestedBy(p).shareOf(largest))
                  .thenComparing(Pods::object))
          .forEach(pod -> place(pod).ifPresent(missing::add));
      return new Headroom(moving.size(), List.copyOf(missing));
    }

    private long choices(Pod pod) {
      return staying.stream().filter(n -> NodeFit.refusal(pod, n).isEmpty()).count();
    }

    /** Empty if it found a place. */
    private Optional<String> place(Pod pod) {
      Amounts needed = Amounts.requestedBy(pod);
      Map<String, Integer> refusals = new TreeMap<>();
      List<String> full = new ArrayList<>();
      for (Node node : staying) {
        String name = NodeSelectorTerms.name(node);
        Optional<String> refusal =
            NodeFit.refusal(pod, node).or(() -> constraints.refusal(pod, node));
        Amounts left = free.getOrDefault(name, Amounts.NOTHING);
        if (refusal.isPresent()) {
          refusals.merge(refusal.get(), 1, Integer::sum);
        } else if (left.holds(needed)) {
          free.put(name, left.minus(needed));
          constraints.place(pod, name);
          return Optional.empty();
        } else {
          full.add(name);
        }
      }
      return Optional.of(
          "%s's pod %s/%s needs %s; %s"
              .formatted(
                  pod.getSpec().getNodeName(),
                  PodSelectorTerms.namespace(pod),
                  Pods.name(pod),
                  needed,
                  why(needed, full, refusals)));
    }

    private String why(Amounts needed, List<String> full, Map<String, Integer> refusals) {
      String closed =
          refusals.entrySet().stream()
              .map(e -> e.getKey() + (e.getValue() == 1 ? "" : " (" + e.getValue() + " nodes)"))
              .collect(Collectors.joining("; "));
      if (full.isEmpty()) {
        return refusals.isEmpty() ? "no node stays" : "no node that stays may take it: " + closed;
      }
      String best =
          full.stream()
              .min(
                  Comparator.comparingDouble(
                          (String n) -> needed.shareOf(free.getOrDefault(n, Amounts.NOTHING)))
                      .thenComparing(Comparator.naturalOrder()))
              .orElseThrow();
      return "the most free on a node it may use is %s on %s%s"
          .formatted(
              free.getOrDefault(best, Amounts.NOTHING).named(needed),
              best,
              closed.isEmpty() ? "" : "; elsewhere: " + closed);
    }
  }
}
