package dev.muster.drill.file;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What must hold of steps and of faults of every kind; what is a kind's own, it says itself. */
final class FaultRules {
  private static final Set<String> COMMON =
      Set.of("kind", "mode", "value", "selector", "after", "every", "times");
  private static final List<String> FORMS = List.of("kind", "hold", "parallel", "serial");

  private final SourceTree tree;
  private final Consumer<Problem> problems;

  FaultRules(SourceTree tree, Consumer<Problem> problems) {
    this.tree = tree;
    this.problems = problems;
  }

  /** All steps of a list, and of lists in it. */
  void steps(String pointer) {
    int count = tree.root().at(pointer).size();
    for (int i = 0; i < count; i++) {
      step(pointer + "/" + i);
    }
  }

  private void step(String pointer) {
    JsonNode step = tree.root().at(pointer);
    if (!step.isObject()) {
      return; // the schema has complained
    }
    List<String> forms = FORMS.stream().filter(step::has).toList();
    if (forms.size() != 1) {
      refuse(
          pointer,
          forms.isEmpty()
              ? "a step is a fault (\"kind\"), a \"hold\", a \"parallel\" or a \"serial\" part"
              : "a step is one thing, not " + String.join(" and ", forms));
      return;
    }
    if (step.has("kind")) {
      fault(pointer, step);
      return;
    }
    Set<String> others = new LinkedHashSet<>(step.propertyNames());
    others.remove(forms.getFirst());
    others.forEach(name ->
        refuseKey(
            pointer + "/" + name,
            "\"" + name + "\" does not go with \"" + forms.getFirst() + "\""));
    if (!step.has("hold")) {
      steps(pointer + "/" + forms.getFirst());
    }
  }

  private void fault(String pointer, JsonNode fault) {
    FaultYaml yaml = new FaultYaml(tree, pointer, problems);
    Optional<Kind> meant = Kinds.named(yaml.kind());
    if (meant.isEmpty()) {
      return; // the schema has complained
    }
    Kind kind = meant.get();
    List<String> takes = kind.fieldNames();
    for (String name : fault.propertyNames()) {
      if (!COMMON.contains(name) && !takes.contains(name) && known(name)) {
        refuseKey(
            pointer + "/" + name,
            "%s takes no \"%s\"; it takes %s"
                .formatted(
                    kind.word(), name, takes.stream().sorted().collect(Collectors.joining(", "))));
      }
    }
    takes.stream().filter(n -> kind.needs(n) && !fault.has(n)).forEach(yaml::lacks);
    every(yaml);
    if (!Kinds.is(kind.word(), Trait.INSTANT)) {
      times(yaml);
    } else if (fault.has("duration")) {
      repeated(yaml);
    } else {
      if (yaml.flag("follow")) {
        yaml.lacks("duration");
      }
      times(yaml);
    }
    lasting(yaml);
    kind.rules().accept(yaml);
    if (Kinds.is(kind.word(), Trait.OF_WORKLOADS)) {
      workloads(yaml);
    }
    mode(pointer, fault);
  }

  /** What no step takes is told by the schema. */
  private static boolean known(String name) {
    return FORMS.contains(name)
        || Kinds.all().stream().anyMatch(k -> k.fieldNames().contains(name));
  }

  /** What is done in a moment, again and again for a time. */
  private static void repeated(FaultYaml yaml) {
    if (!yaml.has("ttl")) {
      yaml.lacks("ttl");
    }
    if (!yaml.has("every") && !yaml.has("follow")) {
      yaml.refuse(
          "duration",
          yaml.kind()
              + " is done in a moment: with \"every\" it is repeated for that long, to look"
              + " longer use a hold");
    }
    if (yaml.has("times")) {
      yaml.refuseKey(
          "times",
          "give times or duration, not both: \"every\" repeats "
              + yaml.kind()
              + " for as long as \"duration\" says");
    }
  }

  private static void every(FaultYaml yaml) {
    var every = yaml.duration("every");
    if (every != null && every.isZero()) {
      yaml.refuse("every", "every must be above 0s");
    }
  }

  private static void times(FaultYaml yaml) {
    if (yaml.has("every") != yaml.has("times")) {
      yaml.refuse(
          yaml.has("every")
              ? "\"every\" needs \"times\": how often"
              : "\"times\" needs \"every\": how far apart");
    }
    var every = yaml.duration("every");
    var duration = yaml.duration("duration");
    if (every != null && duration != null && every.compareTo(duration) < 0) {
      yaml.refuse(
          "every",
          "every "
              + DurationText.of(every)
              + " is shorter than duration "
              + DurationText.of(duration)
              + ": one would begin before the last has ended");
    }
  }

  private static void lasting(FaultYaml yaml) {
    var duration = yaml.duration("duration");
    var ttl = yaml.duration("ttl");
    if (duration != null && duration.isZero()) {
      yaml.refuse("duration", "a fault must last longer than 0s");
    }
    if (duration != null && ttl != null && ttl.compareTo(duration) < 0) {
      yaml.refuse(
          "ttl",
          "ttl "
              + DurationText.of(ttl)
              + " is shorter than duration "
              + DurationText.of(duration)
              + ": the fault would be undone before it has lasted; make ttl at least "
              + DurationText.of(duration));
    }
  }

  /** A workload is on no node, and has no phase. */
  private static void workloads(FaultYaml yaml) {
    FaultYaml selector = yaml.in("selector");
    selector.takesOnly(
        Selector.OF_WORKLOADS,
        word ->
            "%s takes workloads, which have no \"%s\"; they are selected by %s"
                .formatted(yaml.kind(), word, String.join(", ", Selector.OF_WORKLOADS)));
    selector
        .in("fieldSelectors")
        .takesOnly(
            Selector.FIELDS_OF_WORKLOADS,
            field ->
                "workloads are not selected by %s; they are by %s"
                    .formatted(field, String.join(", ", Selector.FIELDS_OF_WORKLOADS)));
  }

  private void mode(String pointer, JsonNode fault) {
    String mode = fault.path("mode").asString("one");
    boolean takes = !mode.equals("one") && !mode.equals("all");
    if (takes && !fault.has("value")) {
      refuse(pointer, "mode " + mode + " lacks \"value\"");
    }
    if (!takes && fault.has("value")) {
      refuse(pointer + "/value", "mode " + mode + " takes no value");
    }
    if (mode.endsWith("percent") && fault.path("value").asInt(0) > 100) {
      refuse(pointer + "/value", "a percentage can not exceed 100");
    }
  }

  private void refuse(String pointer, String message) {
    problems.accept(tree.at(pointer, message));
  }

  private void refuseKey(String pointer, String message) {
    problems.accept(tree.atKey(pointer, message));
  }
}
