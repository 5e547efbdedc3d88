package dev.muster.drill.file;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Given;
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
    Given given = new Given(tree, pointer, problems);
    Optional<Kind> meant = Kinds.named(given.kind());
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
    takes.stream().filter(n -> kind.needs(n) && !fault.has(n)).forEach(given::lacks);
    every(given);
    if (!Kinds.is(kind.word(), Trait.INSTANT)) {
      times(given);
    } else if (fault.has("duration")) {
      repeated(given);
    } else {
      if (given.flag("follow")) {
        given.lacks("duration");
      }
      times(given);
    }
    lasting(given);
    kind.rules().accept(given);
    mode(pointer, fault);
  }

  /** What no step takes is told by the schema. */
  private static boolean known(String name) {
    return FORMS.contains(name)
        || Kinds.all().stream().anyMatch(k -> k.fieldNames().contains(name));
  }

  /** What is done in a moment, again and again for a time. */
  private static void repeated(Given given) {
    if (!given.has("ttl")) {
      given.lacks("ttl");
    }
    if (!given.has("every") && !given.has("follow")) {
      given.refuse(
          "duration",
          given.kind()
              + " is done in a moment: with \"every\" it is repeated for that long, to look"
              + " longer use a hold");
    }
    if (given.has("times")) {
      given.refuseKey(
          "times",
          "give times or duration, not both: \"every\" repeats "
              + given.kind()
              + " for as long as \"duration\" says");
    }
  }

  private static void every(Given given) {
    var every = given.duration("every");
    if (every != null && every.isZero()) {
      given.refuse("every", "every must be above 0s");
    }
  }

  private static void times(Given given) {
    if (given.has("every") != given.has("times")) {
      given.refuse(
          given.has("every")
              ? "\"every\" needs \"times\": how often"
              : "\"times\" needs \"every\": how far apart");
    }
    var every = given.duration("every");
    var duration = given.duration("duration");
    if (every != null && duration != null && every.compareTo(duration) < 0) {
      given.refuse(
          "every",
          "every "
              + DurationText.of(every)
              + " is shorter than duration "
              + DurationText.of(duration)
              + ": one would begin before the last has ended");
    }
  }

  private static void lasting(Given given) {
    var duration = given.duration("duration");
    var ttl = given.duration("ttl");
    if (duration != null && duration.isZero()) {
      given.refuse("duration", "a fault must last longer than 0s");
    }
    if (duration != null && ttl != null && ttl.compareTo(duration) < 0) {
      given.refuse(
          "ttl",
          "ttl "
              + DurationText.of(ttl)
              + " is shorter than duration "
              + DurationText.of(duration)
              + ": the fault would be undone before it has lasted; make ttl at least "
              + DurationText.of(duration));
    }
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
