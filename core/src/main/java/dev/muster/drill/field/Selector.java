package dev.muster.drill.field;

import dev.muster.source.SourceTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which pods or nodes, in Chaos Mesh's words where the meaning is the same. All that is given must
 * hold; for a fault of nodes the words about pods mean the nodes that carry such pods.
 *
 * @param hosting {@code target}: the node that carries most of the drill's target; another word: of
 *     the pods with that {@code app.kubernetes.io/component}
 * @param zone of the node, by {@code topology.kubernetes.io/zone}
 * @param pods names by namespace
 */
public record Selector(
    @Nullable String hosting,
    @Nullable String zone,
    List<String> nodes,
    Map<String, String> nodeSelectors,
    List<String> namespaces,
    Map<String, String> labelSelectors,
    List<Expression> expressionSelectors,
    Map<String, String> annotationSelectors,
    Map<String, String> fieldSelectors,
    List<String> podPhaseSelectors,
    Map<String, List<String>> pods) {

  public static final Selector EMPTY =
      new Selector(
          null, null, List.of(), Map.of(), List.of(), Map.of(), List.of(), Map.of(), Map.of(),
          List.of(), Map.of());

  /** A label requirement: In, NotIn, Exists or DoesNotExist. */
  public record Expression(String key, String operator, List<String> values) {

    /** For people. */
    @Override
    public String toString() {
      return key + " " + operator + (values.isEmpty() ? "" : " " + values);
    }
  }

  /** The words that can be said of workloads, in the order of messages. */
  public static final List<String> OF_WORKLOADS =
      List.of(
          "namespaces",
          "labelSelectors",
          "expressionSelectors",
          "annotationSelectors",
          "fieldSelectors");

  /** The fields by which the API server itself selects any object. */
  public static final List<String> FIELDS_OF_WORKLOADS =
      List.of("metadata.name", "metadata.namespace");

  /** The word for the drill's own target, behind {@code hosting}. */
  public static final String TARGET = "target";

  /** As a drill file has it at a place; empty where nothing is there. */
  public static Selector of(SourceTree tree, String pointer) {
    JsonNode node = tree.root().at(pointer);
    if (node.isMissingNode()) {
      return EMPTY;
    }
    var pods = new LinkedHashMap<String, List<String>>();
    for (var namespace : node.path("pods").propertyNames()) {
      pods.put(namespace, list(node.path("pods").path(namespace)));
    }
    return new Selector(
        text(node.path("hosting")),
        text(node.path("zone")),
        list(node.path("nodes")),
        tree.strings(pointer + "/nodeSelectors"),
        list(node.path("namespaces")),
        tree.strings(pointer + "/labelSelectors"),
        node.path("expressionSelectors")
            .valueStream()
            .map(e ->
                new Expression(
                    e.path("key").asString(),
                    e.path("operator").asString(),
                    list(e.path("values"))))
            .toList(),
        tree.strings(pointer + "/annotationSelectors"),
        tree.strings(pointer + "/fieldSelectors"),
        list(node.path("podPhaseSelectors")),
        pods);
  }

  private static List<String> list(JsonNode node) {
    return node.valueStream().map(JsonNode::asString).toList();
  }

  private static @Nullable String text(JsonNode node) {
    return node.isMissingNode() ? null : node.asString();
  }

  /** Nothing was said: the drill's own target is meant. */
  public boolean empty() {
    return equals(EMPTY);
  }

  /** What was said but for {@code hosting}, for people; empty where nothing was. */
  public String words() {
    List<String> words = new ArrayList<>();
    if (zone != null) {
      words.add("zone " + zone);
    }
    say(words, "node", nodes);
    say(words, "node labels", nodeSelectors);
    say(words, "namespaces", namespaces);
    say(words, "labels", labelSelectors);
    say(words, "labels", expressionSelectors);
    say(words, "annotations", annotationSelectors);
    say(words, "fields", fieldSelectors);
    say(words, "phases", podPhaseSelectors);
    say(words, "pods", pods);
    return String.join(", ", words);
  }

  private static void say(List<String> words, String what, Collection<?> values) {
    if (!values.isEmpty()) {
      words.add(what + " " + values);
    }
  }

  private static void say(List<String> words, String what, Map<String, ?> values) {
    if (!values.isEmpty()) {
      words.add(what + " " + values);
    }
  }

  /** For people: the pods that it means; where its words are of nodes alone, the target's. */
  public String podWords() {
    String others = words();
    String whose =
        aboutPods()
            ? "the pods"
            : hosting == null ? "the target's pods" : "the pods of " + hosted(hosting);
    return whose
        + (others.isEmpty() ? "" : " with " + others)
        + (hosting == null ? "" : " on " + most(hosting));
  }

  /** For people: the Deployments and StatefulSets that it means. */
  public String workloadWords() {
    return empty() ? "the target's workloads" : "the workloads with " + words();
  }

  /** For people: the node that {@code hosting} means. */
  public static String most(String hosting) {
    return "the node that hosts most of " + hosted(hosting);
  }

  public static String hosted(String hosting) {
    return hosting.equals(TARGET) ? "the target" : "component " + hosting;
  }

  /** Some word is about pods. */
  public boolean aboutPods() {
    return !namespaces.isEmpty()
        || !labelSelectors.isEmpty()
        || !expressionSelectors.isEmpty()
        || !annotationSelectors.isEmpty()
        || !fieldSelectors.isEmpty()
        || !podPhaseSelectors.isEmpty()
        || !pods.isEmpty();
  }
}
