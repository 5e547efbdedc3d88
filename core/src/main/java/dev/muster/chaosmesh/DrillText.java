package dev.muster.chaosmesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The drill as YAML, for people as much as for the parser. */
final class DrillText {
  private DrillText() {}

  /**
   * @param experiments at least one; several begin together, as {@code kubectl apply} begins them
   */
  static String of(List<Experiment> experiments, String file) {
    StringBuilder out = new StringBuilder();
    String kinds =
        experiments.stream().map(Experiment::kind).distinct().collect(Collectors.joining(", "));
    List<String> notes = new ArrayList<>();
    notes.add("Made by `muster convert` from " + file + " (Chaos Mesh: " + kinds + ").");
    Part whole = together(experiments);
    if (faults(whole).anyMatch(fault -> fault.fields().containsKey("ttl"))) {
      notes.add("Chaos Mesh has no ttl: here it is the duration and 60s more.");
    }
    notes.add(
        "Chaos Mesh knows nothing of clients: with a \"load\" the report tells what they felt.");
    if (experiments.size() > 1) {
      notes.add(
          "The documents of the file begin together, as with kubectl apply: "
              + experiments.stream().map(Experiment::name).collect(Collectors.joining(", "))
              + ".");
    }
    experiments.stream().flatMap(e -> e.notes().stream()).distinct().forEach(notes::add);
    Part.comment(out, "", notes);
    out.append("apiVersion: muster.dev/v1\nkind: Drill\n");
    out.append("metadata: ").append(YamlText.flow(Map.of("name", experiments.getFirst().name())));
    out.append('\n');
    target(whole)
        .ifPresent(target -> out.append("target: ").append(YamlText.flow(target)).append('\n'));
    out.append("faults:\n");
    steps(whole, out);
    List<Map<String, Object>> rules =
        experiments.stream().flatMap(e -> e.abortRules().stream()).distinct().toList();
    if (!rules.isEmpty()) {
      out.append("abortWhen:\n");
      rules.forEach(rule -> out.append("  - ").append(YamlText.flow(rule)).append('\n'));
    }
    return out.append("expect: {residue: none}\n").toString();
  }

  private static Part together(List<Experiment> experiments) {
    List<Part> parts = experiments.stream().map(Experiment::part).toList();
    return parts.size() == 1 ? parts.getFirst() : new Part.Parallel(parts, List.of());
  }

  private static void steps(Part whole, StringBuilder out) {
    if (whole instanceof Part.Serial(List<Part> parts, List<String> notes)) {
      Part.comment(out, "  ", notes);
      parts.forEach(part -> part.write(out, "  "));
    } else {
      whole.write(out, "  ");
    }
  }

  /** The pods of the first fault; a drill of holds alone has none. */
  private static Optional<Map<String, Object>> target(Part part) {
    return faults(part)
        .findFirst()
        .map(fault -> fault.fields().get("selector"))
        .map(selector -> target((Map<?, ?>) selector));
  }

  private static Map<String, Object> target(Map<?, ?> selector) {
    Map<String, Object> target = new LinkedHashMap<>();
    if (selector.get("namespaces") instanceof List<?> namespaces) {
      target.put("namespace", namespaces.getFirst());
    } else if (selector.get("pods") instanceof Map<?, ?> pods) {
      target.put("namespace", pods.keySet().iterator().next());
    }
    Object labels = selector.get("labelSelectors");
    if (labels != null) {
      target.put("selector", Map.of("labelSelectors", labels));
    }
    return target;
  }

  /** In the order of writing. */
  static Stream<Part.Fault> faults(Part part) {
    return switch (part) {
      case Part.Fault fault -> Stream.of(fault);
      case Part.Hold _ -> Stream.empty();
      case Part.Serial serial -> serial.parts().stream().flatMap(DrillText::faults);
      case Part.Parallel parallel -> parallel.parts().stream().flatMap(DrillText::faults);
    };
  }
}
