package dev.muster.policy;

import dev.muster.policy.Policy.Peer;
import dev.muster.policy.Policy.Port;
import dev.muster.policy.RuleSet.AddressSet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * From policies to the rules of one node. Each isolated pod of the node has a chain a direction: it
 * returns for what any policy allows and drops the rest. Two pods of one node pass both chains, the
 * sender's and the receiver's.
 *
 * <p>What the node itself sends to its pods is not forwarded and so never dropped.
 */
final class NodeRules {
  private final List<Policy> policies;
  private final Map<String, Map<String, String>> namespaces;
  private final List<PodAt> pods;
  private final SortedMap<String, AddressSet> sets = new TreeMap<>();
  private final SortedMap<String, List<String>> chains = new TreeMap<>();

  private NodeRules(
      List<Policy> policies, Map<String, Map<String, String>> namespaces, List<PodAt> pods) {
    this.policies =
        policies.stream()
            .sorted(Comparator.comparing(Policy::namespace).thenComparing(Policy::name))
            .toList();
    this.namespaces = namespaces;
    this.pods =
        pods.stream()
            .sorted(Comparator.comparing(PodAt::namespace).thenComparing(PodAt::name))
            .toList();
  }

  /**
   * The same for the same input, in whatever order it comes.
   *
   * @param namespaces labels by name
   * @param pods those of all nodes: they are peers
   */
  static RuleSet of(
      List<Policy> policies,
      Map<String, Map<String, String>> namespaces,
      List<PodAt> pods,
      String node) {
    return new NodeRules(policies, namespaces, pods).on(node);
  }

  private RuleSet on(String node) {
    List<String> entry = new ArrayList<>();
    // also where no pod is isolated: a connection is known as such only if it was tracked from
    // its beginning, and the first rule that asks turns tracking on
    entry.add("-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN");
    for (PodAt pod : pods) {
      for (Direction direction : Direction.values()) {
        List<Policy> isolating =
            policies.stream()
                .filter(p -> p.rules().containsKey(direction))
                .filter(p -> p.namespace().equals(pod.namespace()))
                .filter(p -> p.pods().selects(pod.labels()))
                .toList();
        if (pod.node().equals(node) && !isolating.isEmpty()) {
          String who = pod.namespace() + "/" + pod.name();
          String chain = RuleSet.PREFIX + direction.letter + "-" + digest(who + pod.address());
          chains.put(chain, chain(pod, direction, isolating));
          entry.add(
              "%s %s -m comment --comment \"%s\" -j %s"
                  .formatted(direction.own, pod.address(), shortened(who), chain));
        }
      }
    }
    chains.put(RuleSet.ENTRY, List.copyOf(entry));
    return new RuleSet(sets, chains);
  }

  private List<String> chain(PodAt pod, Direction direction, List<Policy> isolating) {
    SequencedSet<String> rules = new LinkedHashSet<>();
    // a pod that reaches itself through a Service: no policy forbids that
    rules.add("%s %s -j RETURN".formatted(direction.other, pod.address()));
    for (Policy policy : isolating) {
      for (Policy.Rule rule : policy.rules().getOrDefault(direction, List.of())) {
        matches(policy, rule, pod, direction).forEach(m -> rules.add(m + "-j RETURN"));
      }
    }
    rules.add("-j DROP");
    return List.copyOf(rules);
  }

  /** Every way to match the rule; a single empty one if it restricts nothing. */
  private List<String> matches(Policy policy, Policy.Rule rule, PodAt pod, Direction direction) {
    if (rule.ports().isEmpty()) {
      return peers(policy, rule, direction);
    }
    List<String> matches = new ArrayList<>();
    for (Port port : rule.ports()) {
      if (port instanceof Port.Named named && direction == Direction.EGRESS) {
        matches.add(namedPort(policy, rule.peers(), named));
      } else {
        for (String peer : peers(policy, rule, direction)) {
          numbers(port, pod).forEach(n -> matches.add(peer + ports(n)));
        }
      }
    }
    return matches;
  }

  /** The numbers that a port has in the pod that is addressed. */
  private static List<Port.Numbers> numbers(Port port, PodAt addressed) {
    return switch (port) {
      case Port.Numbers numbers -> List.of(numbers);
      case Port.Named named ->
          addressed.ports().stream()
              .filter(o -> o.name().equals(named.name()) && o.protocol().equals(named.protocol()))
              .map(o -> new Port.Numbers(o.protocol(), o.number(), o.number()))
              .toList();
    };
  }

  private List<String> peers(Policy policy, Policy.Rule rule, Direction direction) {
    return rule.peers().isEmpty()
        ? List.of("")
        : rule.peers().stream().map(p -> peer(policy, p, direction)).toList();
  }

  private static String ports(Port.Numbers ports) {
    String range =
        ports.first() == ports.last() ? "" + ports.first() : ports.first() + ":" + ports.last();
    return "-p %s --dport %s ".formatted(ports.protocol(), range);
  }

  private String peer(Policy policy, Peer peer, Direction direction) {
    AddressSet set =
        switch (peer) {
          case Peer.Block block -> addresses(block);
          case Peer.Pods selected ->
              new AddressSet("hash:ip", sorted(selected(policy, selected).map(PodAt::address)));
        };
    return match(policy.namespace() + peer, set, direction.peer);
  }

  private static AddressSet addresses(Peer.Block block) {
    // ipset takes the longest range that fits, and excepted ranges are inside
    return new AddressSet(
        "hash:net",
        sorted(
            Stream.concat(
                block.range().members().stream(),
                block.except().stream()
                    .flatMap(e -> e.members().stream())
                    .map(e -> e + " nomatch"))));
  }

  /** Addresses and ports of the pods that have a port of that name. */
  private String namedPort(Policy policy, List<Peer> peers, Port.Named port) {
    Stream<PodAt> reached =
        peers.isEmpty()
            ? pods.stream()
            : peers.stream()
                .flatMap(p -> p instanceof Peer.Pods s ? selected(policy, s) : Stream.empty());
    NavigableSet<String> members =
        sorted(
            reached.flatMap(p ->
                numbers(port, p).stream()
                    .map(n -> "%s,%s:%d".formatted(p.address(), n.protocol(), n.first()))));
    return match(
        policy.namespace() + peers + port, new AddressSet("hash:ip,port", members), "dst,dst");
  }

  private Stream<PodAt> selected(Policy policy, Peer.Pods peer) {
    Selector where = peer.namespaces();
    return pods.stream()
        .filter(p ->
            where == null
                ? p.namespace().equals(policy.namespace())
                : namespaces.containsKey(p.namespace())
                    && where.selects(namespaces.getOrDefault(p.namespace(), Map.of())))
        .filter(p -> peer.pods().selects(p.labels()));
  }

  /** Named after what is wanted, not after who is in it: pods come and go in the same set. */
  private String match(String wanted, AddressSet set, String which) {
    String name = RuleSet.PREFIX + digest(set.type() + wanted);
    sets.put(name, set);
    return "-m set --match-set %s %s ".formatted(name, which);
  }

  private static NavigableSet<String> sorted(Stream<String> members) {
    NavigableSet<String> sorted = new TreeSet<>();
    members.forEach(sorted::add);
    return sorted;
  }

  /** A comment in iptables holds 255 bytes, a pod's name alone as many. */
  private static String shortened(String who) {
    return who.length() > 200 ? who.substring(0, 200) : who;
  }

  /** Short enough for the name of a chain (28) and of a set (31), of letters that both may have. */
  private static String digest(String of) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 7);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
