package dev.muster.cluster.select;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.drill.Drill;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The word {@code hosting}: pods of the service, and the nodes that carry them, the one whose loss
 * hurts most first.
 *
 * @param pods that are hosted, living
 * @param alone nodes that carry the only pod of a workload of the service
 */
record Hosting(List<Pod> pods, Set<String> alone) {
  static final String TARGET = "target";
  private static final String COMPONENT = "app.kubernetes.io/component";

  /**
   * @throws TargetException if the drill's target is no pod
   */
  static Hosting ofTarget(Drill.Target target, Snapshot snapshot) {
    List<Pod> all = service(target, snapshot);
    List<Pod> pods = all.stream().filter(p -> Pods.matches(p, target.labelSelectors())).toList();
    if (pods.isEmpty()) {
      throw new TargetException(
          "/target/selector/labelSelectors",
          "%s matches no pod in namespace %s; %s"
              .formatted(
                  PodSelectorTerms.pairs(target.labelSelectors()),
                  target.namespace(),
                  PodSelectorTerms.insteadOf(target.labelSelectors(), all, "its pods have")));
    }
    return new Hosting(pods, aloneOn(all));
  }

  /**
   * @throws TargetException if the service has no such component
   */
  static Hosting ofComponent(
      String component, String pointer, Drill.Target target, Snapshot snapshot) {
    List<Pod> all = service(target, snapshot);
    List<Pod> pods =
        all.stream().filter(p -> component.equals(Pods.labels(p).get(COMPONENT))).toList();
    if (pods.isEmpty()) {
      List<String> known =
          all.stream().map(p -> Pods.labels(p).get(COMPONENT)).filter(Objects::nonNull).toList();
      throw new TargetException(
          pointer,
          "no pod in namespace %s has %s=%s; %s"
              .formatted(
                  target.namespace(),
                  COMPONENT,
                  component,
                  SelectorTerm.instead(
                      List.of(component),
                      Stream.concat(known.stream(), Stream.of(TARGET)).toList(),
                      "there are")));
    }
    return new Hosting(pods, Set.of());
  }

  private static List<Pod> service(Drill.Target target, Snapshot snapshot) {
    return snapshot.living().stream()
        .filter(p -> PodSelectorTerms.namespace(p).equals(target.namespace()))
        .toList();
  }

  /**
   * Nodes that carry the only pod of something, then those that carry most, of equals the first by
   * name.
   */
  List<String> ranked(Predicate<String> eligible) {
    Map<String, Long> carried =
        pods.stream()
            .flatMap(p -> Pods.node(p).stream())
            .collect(Collectors.groupingBy(node -> node, Collectors.counting()));
    return Stream.concat(carried.keySet().stream(), alone.stream())
        .distinct()
        .filter(eligible)
        .sorted(
            Comparator.comparing((String node) -> !alone.contains(node))
                .thenComparingLong(node -> -carried.getOrDefault(node, 0L))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  boolean on(String node) {
    return pods.stream().anyMatch(p -> Pods.on(p, node));
  }

  private static Set<String> aloneOn(List<Pod> pods) {
    return pods.stream()
        .filter(p -> Pods.node(p).isPresent() && replicated(p))
        .collect(Collectors.groupingBy(p -> Pods.owners(p).getFirst().getUid()))
        .values()
        .stream()
        .filter(group -> group.size() == 1)
        .flatMap(group -> Pods.node(group.getFirst()).stream())
        .collect(Collectors.toSet());
  }

  /** Jobs end by themselves and a DaemonSet's pod belongs to its node: nobody misses them. */
  private static boolean replicated(Pod pod) {
    return Pods.owners(pod).stream()
        .anyMatch(o -> "ReplicaSet".equals(o.getKind()) || "StatefulSet".equals(o.getKind()));
  }
}
