package dev.muster.cluster.preflight;

import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.object.Budgets;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a drain can come to its end, as far as budgets say so, and whom nobody makes anew. */
public final class DrainPreflight {
  private DrainPreflight() {}

  /**
   * A sentence for each budget that lets no pod of the drained nodes go, and will not by itself,
   * and one for the pods that nobody owns: evicted, they are gone for good.
   *
   * @param drained by node who leaves it
   */
  public static List<String> trouble(Snapshot snapshot, Map<String, Evictable> drained) {
    List<Pod> leaving =
        snapshot.living().stream()
            .filter(p ->
                drained.entrySet().stream()
                    .anyMatch(e -> Pods.on(p, e.getKey()) && e.getValue().is(p)))
            .toList();
    return Stream.concat(bare(leaving), held(snapshot, leaving)).toList();
  }

  private static Stream<String> bare(List<Pod> leaving) {
    List<Pod> bare = leaving.stream().filter(p -> Pods.owner(p).isEmpty()).toList();
    return bare.isEmpty()
        ? Stream.empty()
        : Stream.of(
            "a drain of %s would delete pods for good that nobody makes anew: %s; leave them out by podSelector, or protect their namespace"
                .formatted(nodes(bare), objects(bare)));
  }

  private static Stream<String> held(Snapshot snapshot, List<Pod> leaving) {
    return snapshot.budgets().stream()
        .filter(Budgets::blocks)
        .flatMap(budget -> {
          List<Pod> held =
              leaving.stream()
                  .filter(p -> !Budgets.of(p, List.of(budget)).isEmpty())
                  .filter(p -> Budgets.holds(budget, p))
                  .toList();
          return held.isEmpty()
              ? Stream.<String>empty()
              : Stream.of(
                  "a drain of %s would not end: %s lets none of its pods go (%s); allow a disruption, or more replicas"
                      .formatted(nodes(held), Budgets.words(budget), objects(held)));
        });
  }

  private static String objects(List<Pod> pods) {
    return pods.stream().map(Pods::object).collect(Collectors.joining(", "));
  }

  private static String nodes(List<Pod> pods) {
    return pods.stream()
        .flatMap(p -> Pods.node(p).stream())
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }
}
