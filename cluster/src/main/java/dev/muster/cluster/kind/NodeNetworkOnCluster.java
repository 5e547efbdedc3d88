package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.AgentNodes;
import dev.muster.cluster.object.Cidr;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.select.NodeSelectorTerms;
import dev.muster.cluster.select.OtherZones;
import dev.muster.drill.kind.NodeNetwork;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.BothEffects;
import dev.muster.observe.effect.ConnectivityLost;
import dev.muster.observe.effect.NodeSilent;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node that is cut off is silent, is not reached by its peers, or both. */
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
   * The control plane counts as being elsewhere, and pods that none of the ranges holds are told
   * one by one.
   *
   * @throws ClusterException as {@link OtherZones#of}
   */
  private static List<String> otherZones(KubernetesClient client, String node) {
    OtherZones others = OtherZones.of(Pages.all(client.nodes()), node);
    return Stream.of(
            others.nodes().stream().flatMap(NodeNetworkOnCluster::addresses),
            others.strays(Pages.all(client.pods().inAnyNamespace())).stream()
                .flatMap(p -> Pods.address(p).stream()),
            controlPlane(client).stream())
        .flatMap(addresses -> addresses)
        .distinct()
        .toList();
  }

  /** IPv4 addresses of a node, and the ranges of its pods. */
  private static Stream<String> addresses(Node node) {
    return Stream.concat(AgentArguments.ipv4(node).stream(), Pods.ranges(node).stream());
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
      case ALL, CONTROL_PLANE -> silent(at);
      // it would be silent too if only the control plane were away
      case OTHER_ZONES ->
          new BothEffects(silent(at), ConnectivityLost.ofKubelet(at, elsewhere(at)));
      case NODES -> ConnectivityLost.ofKubelet(at);
      case CIDRS ->
          ConnectivityLost.of(
              at, "tcp", within(kind.cidrs(), at), ConnectivityLost.KUBELET, at.node(), "", true);
    };
  }

  private static NodeSilent silent(InjectionContext at) {
    return new NodeSilent(at.probe(), at.node(), false, at.time());
  }

  /** A node of another zone that can look, rather than one that says no zone. */
  private static String elsewhere(InjectionContext at) {
    return OtherZones.of(Pages.all(at.probe().nodes()), at.node()).nodes().stream()
        .filter(n -> AgentNodes.not(n).isEmpty())
        .min(Comparator.comparing(n -> Pods.zone(n).isEmpty()))
        .map(NodeSelectorTerms::name)
        .orElseThrow(() ->
            new ClusterException(
                ("whether %s is cut off from other zones can not be looked at: none of their nodes"
                        + " is Ready and can run an agent")
                    .formatted(at.node())));
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
