package dev.muster.drill;

import dev.muster.source.SourceTree;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A kind of fault, for somebody who looks for one: its words are the schema's, the rest is asked of
 * the kind itself.
 *
 * @param takes nodes, pods, or either as the fault says
 * @param agent done on the node by an agent, which must be allowed to run there
 * @param fields of its own, in the schema's words
 */
public record KindFacts(
    String name, String meaning, String takes, boolean agent, List<FieldGuide> fields) {

  /** All of them, in the schema's order. */
  public static List<KindFacts> all() {
    JsonNode kinds =
        JsonMapper.shared().readTree(DrillFile.schema()).at("/$defs/step/properties/kind");
    return IntStream.range(0, kinds.path("enum").size())
        .mapToObj(i ->
            of(
                kinds.path("enum").path(i).asString(),
                kinds.path("enumDescriptions").path(i).asString("")))
        .toList();
  }

  private static KindFacts of(String name, String meaning) {
    FaultKind plain = kind(name, "node");
    boolean ofPods = kind(name, "pod").ofPods();
    String takes = plain.ofPods() ? "pods" : ofPods ? "nodes or pods" : "nodes";
    return new KindFacts(name, meaning, takes, plain.byAgent(), fields(name));
  }

  /** With what some kinds need; the others do not look at it. */
  private static FaultKind kind(String name, String in) {
    var tree =
        SourceTree.of(
            "faults: [{kind: %s, in: %s, latency: 1ms, loss: 1%%, failure: reset}]"
                .formatted(name, in),
            name);
    return ((Fault) new FaultReader(tree).steps("/faults").getFirst()).kind();
  }

  private static List<FieldGuide> fields(String kind) {
    return FaultRules.takes(kind).stream()
        .map(field -> FieldGuide.of("faults." + field).orElseThrow())
        .map(field ->
            new FieldGuide(
                field.path().substring("faults.".length()),
                field.takes(),
                field.meaning(),
                FaultRules.alwaysNeeds(kind, field.path().substring("faults.".length())),
                List.of()))
        .toList();
  }
}
