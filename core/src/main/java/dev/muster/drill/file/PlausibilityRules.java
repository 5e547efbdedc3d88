package dev.muster.drill.file;

import dev.muster.drill.abort.Probe;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import dev.muster.drill.observer.Watcher;
import dev.muster.source.Problem;
import dev.muster.source.SelectorRules;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What can be said and makes no sense: amounts that are none, times too short to see anything,
 * expectations without an answer. Refused of a drill that is to be run; what was run once is judged
 * as it was.
 */
final class PlausibilityRules {
  private static final Duration LEAST_EVERY = Duration.ofSeconds(1);

  /** What Muster hands on as it stands. */
  private static final Set<String> OTHERS =
      Set.of(
          "/deploy/values",
          "/monitor/values",
          "/lab/settings",
          "/load/request/body",
          "/load/request/success");

  private final SourceTree tree;
  private final List<Problem> problems = new ArrayList<>();
  private final SelectorRules selectors;

  private PlausibilityRules(SourceTree tree) {
    this.tree = tree;
    this.selectors = new SelectorRules(tree, this::refuse);
  }

  static List<Problem> problems(SourceTree tree) {
    var rules = new PlausibilityRules(tree);
    rules.steps("/faults");
    rules.zones();
    rules.selectors.check("/target/selector");
    for (int i = 0; i < tree.root().path("abortWhen").size(); i++) {
      var rule = new FaultYaml(tree, "/abortWhen/" + i, rules.problems::add);
      Probe.named(rule.text("probe", "")).ifPresent(probe -> senses(rule, probe.fields()));
    }
    senses(
        new FaultYaml(tree, "/observe", rules.problems::add),
        Watcher.rooms().stream().map(Watcher.Room::field).toList());
    new AddressRules(tree, rules.problems::add).check();
    new ExpectRules(tree.root(), rules::refuse).check();
    new BoundRules(tree, rules::refuse).check();
    rules.blank(tree.root(), "");
    return rules.problems;
  }

  private void steps(String pointer) {
    for (int i = 0; i < tree.root().at(pointer).size(); i++) {
      step(pointer + "/" + i);
    }
  }

  private void step(String pointer) {
    var hold = duration(pointer + "/hold");
    if (hold != null && hold.isZero()) {
      refuse(pointer + "/hold", "a hold of 0s is none: take it out");
    }
    selector(pointer + "/selector");
    var yaml = new FaultYaml(tree, pointer, problems::add);
    Kinds.named(yaml.kind()).ifPresent(kind -> fault(yaml, kind, pointer));
    steps(pointer + "/parallel");
    steps(pointer + "/serial");
  }

  /** What is listed behind the last node would be missed only when a lab has been started. */
  private void zones() {
    int zones = tree.root().at("/lab/zones").size();
    int nodes = tree.root().at("/lab/nodes").asInt(DrillReader.NODES);
    if (zones > nodes && nodes > 0) {
      refuse(
          "/lab/zones",
          "%d zones for %d nodes, of which one is 'ops': one for each node, or fewer"
              .formatted(zones, nodes));
    }
  }

  private void selector(String pointer) {
    selectors.check(pointer);
    selectors.operators(pointer);
  }

  private void fault(FaultYaml yaml, Kind kind, String pointer) {
    var least = kind.shortest().apply(yaml);
    var duration = yaml.duration("duration");
    if (duration != null && duration.isPositive() && duration.compareTo(least.time()) < 0) {
      yaml.refuse("duration", least.why(kind.word()));
    }
    repeated(yaml, kind);
    senses(yaml, kind.fields());
    for (var field : kind.fields()) {
      if (field.isSelector()) {
        selector(pointer + "/" + field.name());
      }
    }
    kind.sense().accept(yaml);
  }

  /** A kill that is repeated comes a second time before its time is over. */
  private static void repeated(FaultYaml yaml, Kind kind) {
    var every = yaml.duration("every");
    var duration = yaml.duration("duration");
    if (every != null && every.isPositive() && every.compareTo(LEAST_EVERY) < 0) {
      yaml.refuse("every", "looks are one a second: what comes oftener is not seen; at least 1s");
    } else if (Kinds.is(kind.word(), Trait.INSTANT)
        && every != null
        && duration != null
        && every.compareTo(duration) >= 0) {
      yaml.refuse(
          "every",
          "every %s within a duration of %s is once: make it shorter, or leave both out"
              .formatted(DurationText.of(every), DurationText.of(duration)));
    }
  }

  private static void senses(FaultYaml yaml, List<Field> fields) {
    fields.forEach(field -> field.sense().accept(yaml, field.name()));
  }

  /** Texts that say nothing, but for those that belong to somebody else. */
  private void blank(JsonNode node, String pointer) {
    if (node.isString() && !node.asString().isEmpty() && node.asString().isBlank()) {
      refuse(pointer, SourceSchema.words(pointer) + " must not be empty");
    }
    if (OTHERS.contains(pointer) || pointer.endsWith("Selectors")) {
      return;
    }
    for (var field : node.propertyNames()) {
      blank(node.path(field), pointer + "/" + field.replace("~", "~0").replace("/", "~1"));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      blank(node.path(i), pointer + "/" + i);
    }
  }

  private @Nullable Duration duration(String pointer) {
    JsonNode node = tree.root().at(pointer);
    return node.isString() ? DurationText.parse(node.asString()).orElse(null) : null;
  }

  private void refuse(String pointer, String message) {
    problems.add(tree.at(pointer, message));
  }
}
