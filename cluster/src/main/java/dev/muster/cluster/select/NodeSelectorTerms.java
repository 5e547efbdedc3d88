package dev.muster.cluster.select;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.Selector;
import dev.muster.source.NearestName;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The words of a selector that are about nodes. */
public final class NodeSelectorTerms {
  private final Selector selector;
  private final String pointer;
  private final List<Node> nodes;
  private final Protection protection;

  NodeSelectorTerms(Selector selector, String pointer, List<Node> nodes, Protection protection) {
    this.selector = selector;
    this.pointer = pointer;
    this.nodes = nodes;
    this.protection = protection;
  }

  /**
   * One for each that was said.
   *
   * @throws TargetException for a node that is named and not there, or protected
   */
  List<SelectorTerm<Node>> words() {
    List<SelectorTerm<Node>> words = new ArrayList<>();
    for (int i = 0; i < selector.nodes().size(); i++) {
      mayBeTaken(selector.nodes().get(i), pointer + "/nodes/" + i);
    }
    if (!selector.nodes().isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/nodes",
              "nodes " + selector.nodes(),
              n -> selector.nodes().contains(name(n)),
              () -> "there are " + names()));
    }
    if (!selector.nodeSelectors().isEmpty()) {
      words.add(
          new SelectorTerm<>(
              pointer + "/nodeSelectors",
              PodSelectorTerms.pairs(selector.nodeSelectors()),
              n -> Pods.matches(n, selector.nodeSelectors()),
              () -> PodSelectorTerms.insteadOf(selector.nodeSelectors(), nodes, "the nodes have")));
    }
    String zone = selector.zone();
    if (zone != null) {
      words.add(
          new SelectorTerm<>(
              pointer + "/zone",
              "zone " + zone,
              n -> Pods.zone(n).filter(zone::equals).isPresent(),
              () -> insteadOf(zone)));
    }
    return words;
  }

  /** All of them: a cluster has few, and whoever drills the loss of one wants to know them. */
  private String insteadOf(String zone) {
    Set<String> zones = zones();
    return zones.isEmpty()
        ? "no node has the label " + Pods.ZONE
        : NearestName.to(zone, zones).map(near -> "did you mean " + near + "? ").orElse("")
            + "the zones are "
            + zones;
  }

  /** Of all nodes, protected ones too; those that say none are in none. */
  private Set<String> zones() {
    return nodes.stream()
        .flatMap(n -> Pods.zone(n).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Nobody learns from the loss of everything whether a service would survive the loss of a zone.
   *
   * @param taken all that a fault takes
   * @throws TargetException if the zone that is named is the only one and nothing of it is left
   */
  void refuseOnlyZone(List<String> taken) {
    String zone = selector.zone();
    boolean everywhere =
        nodes.stream().allMatch(n -> Pods.zone(n).filter(z -> z.equals(zone)).isPresent());
    boolean whole =
        nodes.stream()
            .filter(n -> protection.ofNode(n).isEmpty())
            .allMatch(n -> taken.contains(name(n)));
    if (zone != null && everywhere && whole) {
      throw new TargetException(
          pointer + "/zone",
          "all nodes are in zone %s: there is no other one that could take over; the zones are %s"
              .formatted(zone, zones()));
    }
  }

  private void mayBeTaken(String named, String place) {
    Node node =
        nodes.stream()
            .filter(n -> name(n).equals(named))
            .findFirst()
            .orElseThrow(() ->
                new TargetException(
                    place,
                    "no node %s; %s"
                        .formatted(
                            named, SelectorTerm.instead(List.of(named), names(), "there are"))));
    protection
        .ofNode(node)
        .ifPresent(why -> {
          throw new TargetException(place, "node " + named + " is protected: " + why);
        });
  }

  private List<String> names() {
    return nodes.stream().map(NodeSelectorTerms::name).toList();
  }

  public static String name(Node node) {
    return node.getMetadata().getName();
  }
}
