package dev.muster.policy;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small cluster of two nodes to try policies on: namespace shop with web (node-1), cart (node-1)
 * and db (node-2), namespace office with desk (node-2) and clerk (node-1). Each listens where it is
 * asked.
 */
final class Town {
  static final String OUTSIDE = "203.0.113.7";

  private static final Map<String, Map<String, String>> NAMESPACES =
      Map.of(
          "shop", Map.of("kind", "sales", "kubernetes.io/metadata.name", "shop"),
          "office", Map.of("kind", "staff", "kubernetes.io/metadata.name", "office"));

  private static final List<PodAt> PODS =
      List.of(
          pod("shop", "web", "node-1", "10.244.1.2", Map.of("app", "web", "tier", "front"), 8080),
          pod("shop", "cart", "node-1", "10.244.1.3", Map.of("app", "cart", "tier", "back"), 9090),
          pod("shop", "db", "node-2", "10.244.2.2", Map.of("app", "db", "tier", "back"), 5432),
          pod("office", "desk", "node-2", "10.244.2.3", Map.of("app", "desk"), 8080),
          pod("office", "clerk", "node-1", "10.244.1.4", Map.of("app", "web"), 7070));

  private final List<Policy> policies = new ArrayList<>();

  private static PodAt pod(
      String namespace,
      String name,
      String node,
      String address,
      Map<String, String> labels,
      int main) {
    return new PodAt(
        namespace,
        name,
        node,
        address,
        labels,
        List.of(new PodAt.NamedPort("tcp", "main", main), new PodAt.NamedPort("udp", "dns", 53)));
  }

  static Policy policy(String spec) {
    return PolicyReader.read(
        Serialization.unmarshal(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: some, namespace: shop}
            spec:\
            """
                + " "
                + spec,
            NetworkPolicy.class));
  }

  /** With a policy of namespace shop; the spec in one line of YAML. */
  Town with(String spec) {
    policies.add(policy(spec));
    return this;
  }

  boolean tcp(String from, String to, int port) {
    return connects(from, to, "tcp", port);
  }

  boolean connects(String from, String to, String protocol, int port) {
    var packet = new PacketFilter.Packet(address(from), address(to), protocol, port);
    return List.of("node-1", "node-2").stream()
        .filter(n -> passes(n, packet))
        .allMatch(n -> new PacketFilter(rules(n)).lets(packet));
  }

  RuleSet rules(String node) {
    return NodeRules.of(policies, NAMESPACES, PODS, node);
  }

  List<Policy> policies() {
    return policies;
  }

  static Map<String, Map<String, String>> namespaces() {
    return NAMESPACES;
  }

  static List<PodAt> pods() {
    return PODS;
  }

  private static boolean passes(String node, PacketFilter.Packet packet) {
    return PODS.stream()
        .filter(p -> p.node().equals(node))
        .anyMatch(
            p -> p.address().equals(packet.source()) || p.address().equals(packet.destination()));
  }

  private static String address(String who) {
    return PODS.stream()
        .filter(p -> p.name().equals(who))
        .map(PodAt::address)
        .findFirst()
        .orElse(who);
  }
}
