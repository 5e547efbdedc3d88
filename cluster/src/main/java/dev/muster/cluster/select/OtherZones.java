package dev.muster.cluster.select;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Cidr;
import dev.muster.cluster.object.Pods;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * From whom a node is cut off that is to see its own zone alone. A node that says no zone is in
 * none, so in another one.
 *
 * @param own the zone of the node
 * @param nodes of all others, at least one
 */
public record OtherZones(String own, List<Node> nodes) {

  /**
   * @param all nodes of the cluster
   * @throws ClusterException if the node says no zone, or there is no other
   */
  public static OtherZones of(List<Node> all, String node) {
    Set<String> zones =
        all.stream()
            .flatMap(n -> Pods.zone(n).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    String own =
        all.stream()
            .filter(n -> NodeSelectorTerms.name(n).equals(node))
            .flatMap(n -> Pods.zone(n).stream())
            .findFirst()
            .orElseThrow(() ->
                new ClusterException(
                    ("node %s has no label %s: which zones are the others is not known; the zones"
                            + " are %s")
                        .formatted(node, Pods.ZONE, zones)));
    List<Node> others = all.stream().filter(n -> !own.equals(Pods.zone(n).orElse(""))).toList();
    if (others.isEmpty()) {
      throw new ClusterException(
          ("all nodes are in zone %s, as %s is: there is no other zone to be cut off from; the"
                  + " zones are %s")
              .formatted(own, node, zones));
    }
    return new OtherZones(own, others);
  }

  /**
   * Pods of the other zones whose IPv4 addresses are in none of the ranges that their nodes tell,
   * as where a network plugin keeps its own.
   *
   * @param pods of all namespaces
   */
  public List<Pod> strays(List<Pod> pods) {
    Set<String> names =
        nodes.stream().map(NodeSelectorTerms::name).collect(Collectors.toUnmodifiableSet());
    List<Cidr> ranges = nodes.stream().flatMap(n -> Pods.ranges(n).stream()).map(Cidr::of).toList();
    return pods.stream()
        .filter(p -> Pods.on(p, names) && Pods.lives(p))
        .filter(p -> !Boolean.TRUE.equals(p.getSpec().getHostNetwork()))
        .filter(p ->
            Pods.address(p)
                .filter(a -> !a.contains(":") && ranges.stream().noneMatch(r -> r.holds(a)))
                .isPresent())
        .toList();
  }
}
