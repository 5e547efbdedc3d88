package dev.muster.drill.file;

import dev.muster.drill.field.DurationText;
import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON Schema cannot say: rules between fields and between numbers. A value of the wrong
 * form is passed over here, the schema has complained about it.
 */
final class DrillRules {
  private static final Duration SHORTEST_BASELINE = Duration.ofSeconds(5);

  /** The fields that each probe needs. */
  private static final Map<String, List<String>> PROBES =
      Map.of(
          "error-ratio", List.of("comparator"),
          "http", List.of("url"),
          "command", List.of("command"),
          "promql", List.of("query", "comparator"),
          "alert", List.of("name"));

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
    int count = tree.root().path("abortWhen").size();
    for (int i = 0; i < count; i++) {
      var place = "/abortWhen/" + i;
      var rule = tree.root().at(place);
      var probe = rule.path("probe").asString("");
      var needed = PROBES.getOrDefault(probe, List.of("probe")); // the schema has complained
      needed.stream()
          .filter(field -> rule.isObject() && !rule.has(field))
          .forEach(field -> refuse(place, "probe " + probe + " lacks \"" + field + "\""));
      for (var field : List.of("comparator", "url", "command", "query", "name", "state")) {
        boolean taken = needed.contains(field) || (probe.equals("alert") && field.equals("state"));
        if (rule.has(field) && !taken) {
          refuse(place + "/" + field, "probe " + probe + " takes no \"" + field + "\"");
        }
      }
      if (probe.equals("error-ratio") && !tree.root().has("load")) {
        refuse(place, "an error ratio needs a load to be counted in");
      }
      if ((probe.equals("promql") || probe.equals("alert")) && !hasPrometheus()) {
        refuse(place, "probe " + probe + " needs a Prometheus: monitor, or observe.prometheus");
      }
      var mode = rule.path("mode").asString("");
      if (ONCE.contains(mode) && rule.has("for") && !probe.equals("error-ratio")) {
        refuse(place + "/for", "a probe in mode " + mode + " is looked at once: nothing lasts");
      }
    }
  }

  private boolean hasPrometheus() {
    return tree.root().has("monitor") || tree.root().at("/observe").has("prometheus");
  }

  private @org.jspecify.annotations.Nullable Duration duration(String pointer) {
    JsonNode node = tree.root().at(pointer);
    return node.isString() ? DurationText.parse(node.asString()).orElse(null) : null;
  }

  private void refuse(String pointer, String message) {
    problems.add(tree.at(pointer, message));
  }
}
