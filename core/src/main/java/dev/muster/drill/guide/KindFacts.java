package dev.muster.drill.guide;

import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import java.util.List;

/**
 * A kind of fault, for somebody who looks for one: all of it is asked of the kind itself.
 *
 * @param takes nodes, pods, workloads, or nodes or pods as the fault says
 * @param agent done on the node by an agent, which must be allowed to run there
 * @param fields of its own, in the schema's words
 */
public record KindFacts(
    String name, String meaning, String takes, boolean agent, List<FieldGuide> fields) {

  /** All of them, in the schema's order. */
  public static List<KindFacts> all() {
    return Kinds.all().stream().map(KindFacts::of).toList();
  }

  private static KindFacts of(Kind kind) {
    FaultKind plain = kind.plain("node");
    return new KindFacts(
        kind.word(), kind.meaning(), takes(kind, plain), plain.byAgent(), fields(kind));
  }

  private static String takes(Kind kind, FaultKind plain) {
    if (plain.ofWorkloads()) {
      return "workloads";
    }
    boolean ofPods = kind.plain("pod").ofPods();
    return plain.ofPods() ? "pods" : ofPods ? "nodes or pods" : "nodes";
  }

  private static List<FieldGuide> fields(Kind kind) {
    return kind.fieldNames().stream()
        .map(name -> {
          FieldGuide field = FieldGuide.of("faults." + name).orElseThrow();
          return new FieldGuide(name, field.takes(), field.meaning(), kind.needs(name), List.of());
        })
        .toList();
  }
}
