package dev.muster.cluster.select;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.Selector;
import io.fabric8.kubernetes.api.model.Node;
import java.util.ArrayList;
import java.util.List;

/** The words of a selector that are about nodes. */
public final class NodeSelectorTerms {
  static final String ZONE = "topology.kubernetes.io/zone";

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
              n -> zone.equals(Pods.labels(n).get(ZONE)),
              () ->
                  SelectorTerm.instead(
                      List.of(zone),
                      nodes.stream()
                          .flatMap(n -> Pods.labels(n).entrySet().stream())
                          .filter(e -> e.getKey().equals(ZONE))
                          .map(java.util.Map.Entry::getValue)
                          .toList(),
                      "the zones are")));
    }
    return words;
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
