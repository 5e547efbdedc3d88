package dev.muster.policy;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a NetworkPolicy with the defaults that Kubernetes gives to what is not said. */
final class PolicyReader {
  private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
  private static final int HIGHEST = 65_535;

  private PolicyReader() {}

  /**
   * The whole policy.
   *
   * @throws NotHonouredException for anything in it that is not understood
   */
  static Policy read(NetworkPolicy policy) {
    NetworkPolicySpec spec =
        Objects.requireNonNullElseGet(policy.getSpec(), NetworkPolicySpec::new);
    known("spec", spec.getAdditionalProperties());
    // read both, also a direction that is not in force: what is not understood is to be told
    List<Policy.Rule> ingress = new ArrayList<>();
    for (int i = 0; i < spec.getIngress().size(); i++) {
      var rule = spec.getIngress().get(i);
      String at = "spec.ingress[" + i + "]";
      known(at, rule.getAdditionalProperties());
      ingress.add(new Policy.Rule(peers(at + ".from", rule.getFrom()), ports(at, rule.getPorts())));
    }
    List<Policy.Rule> egress = new ArrayList<>();
    for (int i = 0; i < spec.getEgress().size(); i++) {
      var rule = spec.getEgress().get(i);
      String at = "spec.egress[" + i + "]";
      known(at, rule.getAdditionalProperties());
      Policy.Rule read =
          new Policy.Rule(peers(at + ".to", rule.getTo()), ports(at, rule.getPorts()));
      refuseNamedPortOfRange(at, read);
      egress.add(read);
    }
    Map<Direction, List<Policy.Rule>> rules = new EnumMap<>(Direction.class);
    for (Direction direction : directions(spec)) {
      rules.put(direction, List.copyOf(direction == Direction.INGRESS ? ingress : egress));
    }
    return new Policy(
        policy.getMetadata().getNamespace(),
        policy.getMetadata().getName(),
        selector("spec.podSelector", spec.getPodSelector()),
        rules);
  }

  private static List<Direction> directions(NetworkPolicySpec spec) {
    List<String> types = spec.getPolicyTypes();
    if (types.isEmpty()) {
      return spec.getEgress().isEmpty()
          ? List.of(Direction.INGRESS)
          : List.of(Direction.INGRESS, Direction.EGRESS);
    }
    List<Direction> directions = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      directions.add(
          switch (types.get(i)) {
            case "Ingress" -> Direction.INGRESS;
            case "Egress" -> Direction.EGRESS;
            default ->
                throw new NotHonouredException(
                    "spec.policyTypes[" + i + "]", "unknown type " + types.get(i));
          });
    }
    return directions;
  }

  private static List<Policy.Peer> peers(String at, List<NetworkPolicyPeer> peers) {
    List<Policy.Peer> read = new ArrayList<>();
    for (int i = 0; i < peers.size(); i++) {
      read.add(peer(at + "[" + i + "]", peers.get(i)));
    }
    return List.copyOf(read);
  }

  private static Policy.Peer peer(String at, NetworkPolicyPeer peer) {
    known(at, peer.getAdditionalProperties());
    LabelSelector namespaces = peer.getNamespaceSelector();
    LabelSelector pods = peer.getPodSelector();
    if (peer.getIpBlock() != null) {
      if (namespaces != null || pods != null) {
        throw new NotHonouredException(at, "both ipBlock and a selector");
      }
      return block(at + ".ipBlock", peer.getIpBlock());
    }
    if (namespaces == null && pods == null) {
      throw new NotHonouredException(at, "neither a selector nor ipBlock");
    }
    return new Policy.Peer.Pods(
        namespaces == null ? null : selector(at + ".namespaceSelector", namespaces),
        selector(at + ".podSelector", pods));
  }

  private static Policy.Peer block(String at, IPBlock block) {
    known(at, block.getAdditionalProperties());
    List<Cidr> except = new ArrayList<>();
    for (int i = 0; i < block.getExcept().size(); i++) {
      except.add(cidr(at + ".except[" + i + "]", block.getExcept().get(i)));
    }
    return new Policy.Peer.Block(cidr(at + ".cidr", block.getCidr()), List.copyOf(except));
  }

  private static Cidr cidr(String at, @Nullable String text) {
    return Cidr.of(String.valueOf(text))
        .orElseThrow(() -> new NotHonouredException(at, text + " is no plain range of addresses"));
  }

  private static List<Policy.Port> ports(String rule, List<NetworkPolicyPort> ports) {
    List<Policy.Port> read = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      read.add(port(rule + ".ports[" + i + "]", ports.get(i)));
    }
    return List.copyOf(read);
  }

  private static Policy.Port port(String at, NetworkPolicyPort port) {
    known(at, port.getAdditionalProperties());
    String protocol = Objects.requireNonNullElse(port.getProtocol(), "TCP");
    if (!PROTOCOLS.contains(protocol)) {
      throw new NotHonouredException(at + ".protocol", "unknown protocol " + protocol);
    }
    protocol = protocol.toLowerCase(Locale.ROOT);
    Integer end = port.getEndPort();
    Integer first = port.getPort() == null ? null : port.getPort().getIntVal();
    if (first != null) {
      int last = end == null ? first : end;
      if (first < 1 || last < first || last > HIGHEST) {
        throw new NotHonouredException(at, "no range of ports: " + first + " to " + last);
      }
      return new Policy.Port.Numbers(protocol, first, last);
    }
    if (end != null) {
      throw new NotHonouredException(at + ".endPort", "without a number in port");
    }
    return port.getPort() == null
        ? new Policy.Port.Numbers(protocol, 0, HIGHEST)
        : new Policy.Port.Named(protocol, port.getPort().getStrVal());
  }

  /** Only pods name their ports; what is meant outside the cluster nobody can tell. */
  private static void refuseNamedPortOfRange(String at, Policy.Rule rule) {
    boolean ranges = rule.peers().stream().anyMatch(Policy.Peer.Block.class::isInstance);
    for (int i = 0; ranges && i < rule.ports().size(); i++) {
      if (rule.ports().get(i) instanceof Policy.Port.Named named) {
        throw new NotHonouredException(
            at + ".ports[" + i + "].port",
            "addresses of an ipBlock have no port named " + named.name() + "; use a number");
      }
    }
  }

  private static Selector selector(String at, @Nullable LabelSelector selector) {
    if (selector == null) {
      return new Selector(Map.of(), List.of());
    }
    known(at, selector.getAdditionalProperties());
    List<Selector.Requirement> requirements = new ArrayList<>();
    for (int i = 0; i < selector.getMatchExpressions().size(); i++) {
      var expression = selector.getMatchExpressions().get(i);
      String here = at + ".matchExpressions[" + i + "]";
      known(here, expression.getAdditionalProperties());
      Selector.Operator operator =
          switch (String.valueOf(expression.getOperator())) {
            case "In" -> Selector.Operator.IN;
            case "NotIn" -> Selector.Operator.NOT_IN;
            case "Exists" -> Selector.Operator.EXISTS;
            case "DoesNotExist" -> Selector.Operator.DOES_NOT_EXIST;
            default ->
                throw new NotHonouredException(
                    here + ".operator", "unknown operator " + expression.getOperator());
          };
      requirements.add(
          new Selector.Requirement(
              expression.getKey(), operator, List.copyOf(expression.getValues())));
    }
    return new Selector(
        Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()), requirements);
  }

  private static void known(String at, @Nullable Map<String, Object> unknown) {
    if (unknown != null && !unknown.isEmpty()) {
      throw new NotHonouredException(
          at + "." + unknown.keySet().iterator().next(), "unknown field");
    }
  }
}
