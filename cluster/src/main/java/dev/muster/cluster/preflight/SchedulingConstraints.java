package dev.muster.cluster.preflight;

import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Labels;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.select.NodeSelectorTerms;
import dev.muster.cluster.select.PodSelectorTerms;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pod may stand where it would, as to the pods around it: required affinity and
 * anti-affinity, and spread that must not be broken. Nodes that are lost still count: their objects
 * and their leaving pods stay in the API, and the scheduler sees them.
 */
final class SchedulingConstraints {
  private record Standing(Pod pod, String node) {}

  private final Snapshot snapshot;
  private final Set<String> lost;
  private final Map<String, Node> nodes;
  private final List<Standing> leaving;
  private final List<Standing> standing = new ArrayList<>();

  /**
   * @param leaving pods of the lost nodes that are to be made again elsewhere
   */
  SchedulingConstraints(Snapshot snapshot, Set<String> lost, List<Pod> leaving) {
    this.snapshot = snapshot;
    this.lost = lost;
    this.leaving = leaving.stream().map(p -> new Standing(p, p.getSpec().getNodeName())).toList();
    nodes = snapshot.nodes().stream().collect(Collectors.toMap(NodeSelectorTerms::name, n -> n));
    Set<Pod> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    gone.addAll(leaving);
    snapshot.living().stream()
        .filter(p -> !gone.contains(p))
        .forEach(p -> Pods.node(p).ifPresent(node -> standing.add(new Standing(p, node))));
  }

  void place(Pod pod, String node) {
    standing.add(new Standing(pod, node));
  }

  /** Why not there, in a few words; empty if nothing is against it. */
  Optional<String> refusal(Pod pod, Node node) {
    return apart(pod, node).or(() -> together(pod, node)).or(() -> spread(pod, node));
  }

  /**
   * A pod's own former self, which leaves but is still there, may be what it must stay away from.
   */
  private Optional<String> apart(Pod pod, Node node) {
    List<PodAffinityTerm> own = terms(pod, false);
    return Stream.concat(standing.stream(), leaving.stream())
        .filter(other ->
            own.stream().anyMatch(t -> shared(t, node, other.node()) && means(t, pod, other.pod()))
                || terms(other.pod(), false).stream()
                    .anyMatch(t -> shared(t, node, other.node()) && means(t, other.pod(), pod)))
        .findFirst()
        .map(other ->
            "anti-affinity to "
                + PodSelectorTerms.namespace(other.pod())
                + "/"
                + Pods.name(other.pod()));
  }

  private Optional<String> together(Pod pod, Node node) {
    for (PodAffinityTerm term : terms(pod, true)) {
      List<String> at =
          standing.stream()
              .filter(other -> means(term, pod, other.pod()))
              .map(Standing::node)
              .toList();
      boolean first = at.isEmpty() && means(term, pod, pod);
      if (!first && at.stream().noneMatch(other -> shared(term, node, other))) {
        return Optional.of("no pod of its affinity there");
      }
    }
    return Optional.empty();
  }

  private static List<PodAffinityTerm> terms(Pod pod, boolean together) {
    var affinity = pod.getSpec().getAffinity();
    if (affinity == null) {
      return List.of();
    }
    if (together) {
      var to = affinity.getPodAffinity();
      return to == null
          ? List.of()
          : Amounts.orNone(to.getRequiredDuringSchedulingIgnoredDuringExecution());
    }
    var from = affinity.getPodAntiAffinity();
    return from == null
        ? List.of()
        : Amounts.orNone(from.getRequiredDuringSchedulingIgnoredDuringExecution());
  }

  /** Both nodes are in the same domain of the term. */
  private boolean shared(PodAffinityTerm term, Node node, String other) {
    String mine = Pods.labels(node).get(term.getTopologyKey());
    return mine != null && mine.equals(label(other, term.getTopologyKey()));
  }

  private @Nullable String label(String node, String key) {
    Node found = nodes.get(node);
    return found == null ? null : Pods.labels(found).get(key);
  }

  /** The term of one pod is about the other. The API server has merged matchLabelKeys into it. */
  private boolean means(PodAffinityTerm term, Pod of, Pod other) {
    List<String> named = Amounts.orNone(term.getNamespaces());
    String namespace = PodSelectorTerms.namespace(other);
    boolean home = named.isEmpty() && term.getNamespaceSelector() == null;
    boolean there =
        home
            ? namespace.equals(PodSelectorTerms.namespace(of))
            : named.contains(namespace)
                || Labels.match(
                    term.getNamespaceSelector(),
                    snapshot.namespaces().getOrDefault(namespace, Map.of()));
    return there && Labels.match(term.getLabelSelector(), Pods.labels(other));
  }

  private Optional<String> spread(Pod pod, Node node) {
    List<TopologySpreadConstraint> constraints =
        Amounts.orNone(pod.getSpec().getTopologySpreadConstraints()).stream()
            .filter(c -> !"ScheduleAnyway".equals(c.getWhenUnsatisfiable()))
            .toList();
    for (TopologySpreadConstraint constraint : constraints) {
      String key = constraint.getTopologyKey();
      String domain = Pods.labels(node).get(key);
      if (domain == null) {
        return Optional.of("spread over " + key + ", which it does not have");
      }
      Map<String, Integer> counts = counts(constraint, constraints, pod);
      int own = alike(constraint, pod, pod) ? 1 : 0;
      int would = counts.getOrDefault(domain, 0) + own;
      boolean few =
          constraint.getMinDomains() != null && counts.size() < constraint.getMinDomains();
      int least = few ? 0 : counts.values().stream().min(Integer::compare).orElse(0);
      if (would - least > constraint.getMaxSkew()) {
        return Optional.of(
            "spread over %s: %s would have %d, another has %d, maxSkew is %d"
                .formatted(key, domain, would, least, constraint.getMaxSkew()));
      }
    }
    return Optional.empty();
  }

  /** Pods alike in each domain that counts, those without any too. */
  private Map<String, Integer> counts(
      TopologySpreadConstraint constraint, List<TopologySpreadConstraint> all, Pod pod) {
    Map<String, Integer> counts = new HashMap<>();
    Set<String> counted = new HashSet<>();
    nodes.forEach((name, node) -> {
      boolean has = all.stream().allMatch(c -> Pods.labels(node).containsKey(c.getTopologyKey()));
      boolean wanted =
          "Ignore".equals(constraint.getNodeAffinityPolicy()) || NodeFit.wanted(pod, node);
      boolean clean =
          !"Honor".equals(constraint.getNodeTaintsPolicy())
              || (!lost.contains(name) && NodeFit.taint(pod, node).isEmpty());
      if (has && wanted && clean) {
        counted.add(name);
        counts.merge(
            Objects.requireNonNull(Pods.labels(node).get(constraint.getTopologyKey())),
            0,
            Integer::sum);
      }
    });
    for (Standing other : standing) {
      String domain = label(other.node(), constraint.getTopologyKey());
      if (domain != null && counted.contains(other.node()) && alike(constraint, pod, other.pod())) {
        counts.merge(domain, 1, Integer::sum);
      }
    }
    return counts;
  }

  private static boolean alike(TopologySpreadConstraint constraint, Pod pod, Pod other) {
    return PodSelectorTerms.namespace(pod).equals(PodSelectorTerms.namespace(other))
        && Labels.match(constraint.getLabelSelector(), Pods.labels(other))
        && Amounts.orNone(constraint.getMatchLabelKeys()).stream()
            .allMatch(k -> Objects.equals(Pods.labels(pod).get(k), Pods.labels(other).get(k)));
  }
}
