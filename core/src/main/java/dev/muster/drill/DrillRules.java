package dev.muster.drill;

import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON Schema can not say: rules between fields and between numbers. A value of the wrong
 * form is passed over here, the schema has complained about it.
 */
final class DrillRules {
  private static final Duration SHORTEST_BASELINE = Duration.ofSeconds(5);

  private final SourceTree tree;
  private final List<Problem> problems = new ArrayList<>();

  private DrillRules(SourceTree tree) {
    this.tree = tree;
  }

  static List<Problem> problems(SourceTree tree) {
    var rules = new DrillRules(tree);
    new FaultRules(tree, rules.problems::add).steps("/faults");
    rules.abortRules();
    rules.power();
    rules.load();
    rules.target();
    rules.expectations();
    return rules.problems;
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
    for (var pattern : List.of("poisson", "constant")) {
      var pointer = "/load/arrivals/" + pattern;
      var rate = DrillFile.rate(tree.root().at(pointer));
      if (rate != null && (rate <= 0 || rate > 10_000)) {
        refuse(pointer, "a rate must be above 0/s and at most 10000/s");
      }
    }
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
    int count = tree.root().path("abortWhen").size();
    for (int i = 0; i < count; i++) {
      var rule = tree.root().at("/abortWhen/" + i);
      var needed =
          switch (rule.path("probe").asString("")) {
            case "error-ratio" -> "comparator";
            case "http" -> "url";
            case "command" -> "command";
            default -> "probe"; // the schema has complained
          };
      if (rule.isObject() && !rule.has(needed)) {
        refuse(
            "/abortWhen/" + i,
            "probe " + rule.path("probe").asString("") + " lacks \"" + needed + "\"");
      }
      for (var field : List.of("comparator", "url", "command")) {
        if (rule.has(field) && !field.equals(needed)) {
          refuse(
              "/abortWhen/" + i + "/" + field,
              "probe " + rule.path("probe").asString("") + " takes no \"" + field + "\"");
        }
      }
      if (needed.equals("comparator") && !tree.root().has("load")) {
        refuse("/abortWhen/" + i, "an error ratio needs a load to be counted in");
      }
    }
  }

  private void expectations() {
    var min = DrillFile.percent(tree.root().at("/expect/availability/min"));
    if (min != null && min > 100) {
      refuse("/expect/availability/min", "availability can not exceed 100%");
    }
    int logs = tree.root().at("/expect/logs").size();
    for (int i = 0; i < logs; i++) {
      var log = "/expect/logs/" + i;
      var rule = tree.root().at(log);
      if (rule.isObject() && !rule.has("min") && !rule.has("max")) {
        refuse(log, "a log query needs a \"min\" or a \"max\" to be judged by");
      }
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
