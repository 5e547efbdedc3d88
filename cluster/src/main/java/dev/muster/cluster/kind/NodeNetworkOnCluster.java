package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.kind.NodeNetwork;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.Cidr;
import dev.muster.observe.effect.ConnectivityLost;
import dev.muster.observe.effect.NodeSilent;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A node that is cut off is silent, or is not reached by its peers. */
public final class NodeNetworkOnCluster implements OnCluster.ByAgent<NodeNetwork> {

  @Override
  public Class<NodeNetwork> kind() {
    return NodeNetwork.class;
  }

  @Override
  public DeedSpec deed(NodeNetwork kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.NodeNetwork(
        told.address(node),
        DeedSpec.Direction.valueOf(kind.direction().name()),
        peers(kind, told.client(), node));
  }

  private static List<String> peers(NodeNetwork cut, KubernetesClient client, String node) {
    return switch (cut.peers()) {
      case ALL -> List.of();
      case CIDRS -> cut.cidrs();
      case CONTROL_PLANE -> controlPlane(client);
      case NODES ->
          Pages.all(client.nodes()).stream()
              .filter(n -> !n.getMetadata().getName().equals(node))
              .flatMap(NodeNetworkOnCluster::addresses)
              .toList();
      case OTHER_ZONES -> otherZones(client, node);
    };
  }

  /**
   * The control plane counts as being elsewhere. A node that says no zone is in none, so in another
   * one.
   *
   * @throws ClusterException if the node says no zone, or there is no other
   */
  private static List<String> otherZones(KubernetesClient client, String node) {
    List<Node> all = Pages.all(client.nodes());
    String own =
        all.stream()
            .filter(n -> n.getMetadata().getName().equals(node))
            .flatMap(n -> Pods.zone(n).stream())
            .findFirst()
            .orElseThrow(() ->
                new ClusterException(
                    "node %s has no label %s: which zones are the others is not known"
                        .formatted(node, Pods.ZONE)));
    List<String> others =
        all.stream()
            .filter(n -> !own.equals(Pods.zone(n).orElse("")))
            .flatMap(NodeNetworkOnCluster::addresses)
            .toList();
    if (others.isEmpty()) {
      throw new ClusterException(
          "all nodes are in zone %s, as %s is: there is no other zone to be cut off from"
              .formatted(own, node));
    }
    return Stream.concat(others.stream(), controlPlane(client).stream()).distinct().toList();
  }

  /** IPv4 addresses of a node, and the ranges of its pods. */
  private static Stream<String> addresses(Node node) {
    return Stream.concat(AgentArguments.ipv4(node).stream(), ranges(node).stream())
        .filter(a -> !a.contains(":"));
  }

  /** A virtual node has none, as it has no address: nothing comes from it. */
  private static List<String> ranges(Node node) {
    List<String> ranges = node.getSpec() == null ? null : node.getSpec().getPodCIDRs();
    return Objects.requireNonNullElse(ranges, List.of());
  }

  /** The addresses behind the {@code kubernetes} service: where the API servers are. */
  private static List<String> controlPlane(KubernetesClient client) {
    List<String> found =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace("default")
            .withLabel("kubernetes.io/service-name", "kubernetes")
            .list()
            .getItems()
            .stream()
            .flatMap(s -> s.getEndpoints().stream())
            .flatMap(e -> e.getAddresses().stream())
            .filter(a -> !a.contains(":"))
            .toList();
    if (found.isEmpty()) {
      throw new ClusterException("the service kubernetes names no address of an API server");
    }
    return found;
  }

  @Override
  public Effect effect(NodeNetwork kind, InjectionContext at) {
    return switch (kind.peers()) {
      case ALL, CONTROL_PLANE, OTHER_ZONES ->
          new NodeSilent(at.probe(), at.node(), false, at.time());
      case NODES -> ConnectivityLost.ofKubelet(at);
      case CIDRS ->
          ConnectivityLost.of(
              at, "tcp", within(kind.cidrs(), at), ConnectivityLost.KUBELET, at.node(), "", true);
    };
  }

  /** Another node's kubelet that lies in one of the ranges: something that can be asked. */
  private static String within(List<String> cidrs, InjectionContext at) {
    return Pages.all(at.probe().nodes()).stream()
        .filter(n -> !n.getMetadata().getName().equals(at.node()))
        .flatMap(n -> Pods.address(n).stream())
        .filter(a -> cidrs.stream().anyMatch(c -> Cidr.of(c).holds(a)))
        .findFirst()
        .orElse(cidrs.getFirst().replaceAll("/.*", ""));
  }
}
