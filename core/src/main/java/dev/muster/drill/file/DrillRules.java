package dev.muster.drill.file;

import dev.muster.drill.abort.ErrorRatio;
import dev.muster.drill.abort.Probe;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON Schema cannot say: rules between fields and between numbers. A value of the wrong
 * form is passed over here, the schema has complained about it.
 */
final class DrillRules {
  private static final Duration SHORTEST_BASELINE = Duration.ofSeconds(5);

  private static final List<String> ONCE = List.of("SOT", "EOT", "Edge");

  private final SourceTree tree;
  private final List<Problem> problems = new ArrayList<>();

  private DrillRules(SourceTree tree) {
    this.tree = tree;
  }

  static List<Problem> problems(SourceTree tree) {
    var rules = new DrillRules(tree);
    new FaultRules(tree, rules.problems::add).steps("/faults");
    rules.disturbance();
    rules.abortRules();
    rules.power();
    rules.load();
    new PromptRules(tree, rules::refuse).check();
    rules.target();
    return rules.problems;
  }

  /** What only waits would pass, whatever the service is like. */
  private void disturbance() {
    if (onlyHolds(tree.root().path("faults"))) {
      refuse(
          "/faults", "faults has holds only: nothing would be disturbed; add a fault (\"kind\")");
    }
  }

  private static boolean onlyHolds(JsonNode steps) {
    return !steps.isEmpty()
        && steps
            .valueStream()
            .allMatch(step ->
                !step.has("kind")
                    && (step.has("hold")
                        || onlyHolds(step.path("parallel"))
                        || onlyHolds(step.path("serial"))));
  }

  private void power() {
    for (var act : List.of("off", "on", "state")) {
      var words = tree.root().at("/power/" + act);
      boolean named = words.valueStream().anyMatch(word -> word.asString("").contains("{{node}}"));
      if (words.isArray() && !words.isEmpty() && !named) {
        refuse(
            "/power/" + act,
            "power." + act + " does not say which node: one of its words must contain {{node}}");
      }
    }
  }

  private void load() {
    new RateRules(tree, this::refuse).check();
    new RequestRules(tree, problems::add).check();
    var baseline = duration("/load/baseline");
    if (baseline != null && baseline.compareTo(SHORTEST_BASELINE) < 0) {
      refuse(
          "/load/baseline",
          "a baseline below 5s can not show that the service was healthy before the fault");
    }
    var timeout = duration("/load/timeout");
    if (timeout != null && timeout.isZero()) {
      refuse("/load/timeout", "a request needs a timeout above 0s");
    }
  }

  private void target() {
    var target = tree.root().path("target");
    if (target.isObject() && !target.has("namespace") && !tree.root().has("deploy")) {
      refuse("/target", "target lacks \"namespace\", and there is no deploy to take it from");
    }
  }

  private void abortRules() {
    for (int i = 0; i < tree.root().path("abortWhen").size(); i++) {
      abortRule(new FaultYaml(tree, "/abortWhen/" + i, problems::add));
    }
  }

  private static void abortRule(FaultYaml rule) {
    var word = rule.text("probe", "");
    var probe = Probe.named(word); // of an unknown one the schema has complained
    var taken = probe.map(Probe.Room::fields).orElse(List.of());
    taken.stream()
        .filter(field -> field.required() && !rule.has(field.name()))
        .forEach(field -> rule.refuse("probe " + word + " lacks \"" + field.name() + "\""));
    Probe.rooms().stream()
        .flatMap(room -> room.fields().stream().map(Field::name))
        .distinct()
        .filter(name -> rule.has(name) && taken.stream().noneMatch(f -> f.name().equals(name)))
        .forEach(name -> rule.refuse(name, "probe " + word + " takes no \"" + name + "\""));
    probe.ifPresent(room -> room.rules().accept(rule));
    var mode = rule.text("mode", "");
    if (ONCE.contains(mode) && rule.has("for") && !word.equals(ErrorRatio.ROOM.word())) {
      rule.refuse("for", "a probe in mode " + mode + " is looked at once: nothing lasts");
    }
  }

  private @org.jspecify.annotations.Nullable Duration duration(String pointer) {
    JsonNode node = tree.root().at(pointer);
    return node.isString() ? DurationText.parse(node.asString()).orElse(null) : null;
  }

  private void refuse(String pointer, String message) {
    problems.add(tree.at(pointer, message));
  }
}
