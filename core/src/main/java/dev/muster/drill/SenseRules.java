package dev.muster.drill;

import dev.muster.source.Addresses;
import dev.muster.source.Problem;
import dev.muster.source.SelectorRules;
import dev.muster.source.Shortest;
import dev.muster.source.Smallest;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What can be said and makes no sense: amounts that are none, times too short to see anything,
 * expectations without an answer. Refused of a drill that is to be run; what was run once is judged
 * as it was.
 */
final class SenseRules {
  private static final Duration MOST_LATENCY = Duration.ofSeconds(60);

  /** In percent; with less, fewer than one of a hundred looks fails. */
  private static final double LEAST_LOSS = 1;

  private static final Duration LONGEST_LLM = Duration.ofHours(24);

  private static final Duration LEAST_EVERY = Duration.ofSeconds(1);

  /** What Muster hands on as it stands. */
  private static final Set<String> OTHERS =
      Set.of(
          "/deploy/values",
          "/monitor/values",
          "/lab/settings",
          "/load/request/body",
          "/load/request/success");

  private static final Map<String, String> SHARES =
      Map.of(">", "above", ">=", "at least", "<", "below", "<=", "at most");

  private final SourceTree tree;
  private final List<Problem> problems = new ArrayList<>();
  private final SelectorRules selectors;

  private SenseRules(SourceTree tree) {
    this.tree = tree;
    this.selectors = new SelectorRules(tree, this::refuse);
  }

  static List<Problem> problems(SourceTree tree) {
    var rules = new SenseRules(tree);
    rules.steps("/faults");
    rules.selectors.check("/target/selector");
    for (int i = 0; i < tree.root().path("abortWhen").size(); i++) {
      if (tree.root().at("/abortWhen/" + i + "/probe").asString("").equals("error-ratio")) {
        rules.ratio("/abortWhen/" + i);
      }
    }
    new AddressRules(tree, rules::refuse).check();
    new ExpectRules(tree, rules::refuse).check();
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
    var step = tree.root().at(pointer);
    var hold = duration(pointer + "/hold");
    if (hold != null && hold.isZero()) {
      refuse(pointer + "/hold", "a hold of 0s is none: take it out");
    }
    if (step.has("kind")) {
      var kind = step.path("kind").asString("");
      seen(pointer, step, kind);
      amounts(pointer, step, kind);
      smallest(pointer, step, kind);
      repeated(pointer, kind);
      for (var selector : List.of("/selector", "/peerSelector")) {
        selectors.check(pointer + selector);
        selectors.operators(pointer + selector);
      }
    }
    steps(pointer + "/parallel");
    steps(pointer + "/serial");
  }

  /** A power cycle is seen by the boot that follows, however short it is. */
  private void seen(String pointer, JsonNode fault, String kind) {
    boolean some = fault.has("cidrs") || fault.path("peers").asString("").equals("nodes");
    boolean reboot = fault.path("action").asString("").equals("reboot");
    boolean pod = fault.path("in").asString("").equals("pod");
    var least = Shortest.of(kind, some, pod);
    var duration = duration(pointer + "/duration");
    if (duration != null && duration.isPositive() && duration.compareTo(least) < 0 && !reboot) {
      refuse(pointer + "/duration", Shortest.why(kind, least));
    }
  }

  /** What takes so little that it is never seen. */
  private void smallest(String pointer, JsonNode fault, String kind) {
    boolean pod = fault.path("in").asString("").equals("pod");
    if (kind.equals("CpuStress")) {
      int load = fault.path("load").isInt() ? fault.path("load").intValue() : 100;
      int workers = fault.path("workers").isInt() ? fault.path("workers").intValue() : 0;
      var why = Smallest.cpu(Math.clamp(load, 1, 100), Math.clamp(workers, 0, 512), pod);
      why.ifPresent(w -> refuse(pointer + (fault.has("load") ? "/load" : "/workers"), w));
    }
    var size = fault.path("size").asString("");
    if (size.matches("[1-9][0-9]{0,8}[KMG]i?B?")) {
      var bytes = FaultReader.amount(fault.path("size")).bytes();
      Smallest.size(bytes == null ? 0 : bytes).ifPresent(w -> refuse(pointer + "/size", w));
    }
    var latency = duration(pointer + "/latency");
    if (latency != null && latency.isPositive()) {
      Smallest.latency(latency.toMillis()).ifPresent(w -> refuse(pointer + "/latency", w));
    }
    var loss = DrillFile.percent(fault.path("loss"));
    if (loss != null && loss > 0 && loss < LEAST_LOSS) {
      refuse(
          pointer + "/loss",
          "nobody could see so little: looks hardly ever fail of it; at least 1%");
    }
  }

  /** A kill that is repeated comes a second time before its time is over. */
  private void repeated(String pointer, String kind) {
    var every = duration(pointer + "/every");
    var duration = duration(pointer + "/duration");
    if (every != null && every.isPositive() && every.compareTo(LEAST_EVERY) < 0) {
      refuse(
          pointer + "/every",
          "looks are one a second: what comes oftener is not seen; at least 1s");
    } else if (kind.endsWith("Kill")
        && every != null
        && duration != null
        && every.compareTo(duration) >= 0) {
      refuse(
          pointer + "/every",
          "every %s within a duration of %s is once: make it shorter, or leave both out"
              .formatted(DurationText.of(every), DurationText.of(duration)));
    }
  }

  /** Amounts that are none, or more than there is. */
  private void amounts(String pointer, JsonNode fault, String kind) {
    var loss = DrillFile.percent(fault.path("loss"));
    if (loss != null && (loss == 0 || loss > 100)) {
      refuse(
          pointer + "/loss",
          loss == 0 ? "a loss of 0% is no fault" : "more than 100% of the packets can not be lost");
    }
    var latency = duration(pointer + "/latency");
    if (latency != null && latency.isZero()) {
      refuse(pointer + "/latency", "a latency of 0s is no fault");
    }
    for (var field : List.of("latency", "jitter")) {
      var added = duration(pointer + "/" + field);
      if (added != null && added.compareTo(MOST_LATENCY) > 0) {
        refuse(
            pointer + "/" + field,
            "more than "
                + MOST_LATENCY.toSeconds()
                + "s is no delay but a cut: NodeNetwork does it");
      }
    }
    var size = fault.path("size").asString("");
    if (size.matches("[1-9][0-9]{0,8}%") && !size.matches("[1-9][0-9]?%|100%")) {
      refuse(pointer + "/size", "more than 100% can not be taken");
    }
    if (fault.path("failure").asString("").equals("slow-decode")
        && fault.path("factor").asInt(2) == 1) {
      refuse(pointer + "/factor", "a factor of 1 is as fast as before: at least 2");
    }
    var ttl = duration(pointer + "/ttl");
    if (kind.equals("LlmFault") && ttl != null && ttl.compareTo(LONGEST_LLM) > 0) {
      refuse(pointer + "/ttl", "the service keeps a gray failure for 24h at most");
    }
    var grace = duration(pointer + "/gracePeriod");
    if (grace != null && grace.toMillisPart() != 0) {
      refuse(pointer + "/gracePeriod", "a grace period is counted in whole seconds");
    }
    for (int i = 0; i < fault.path("cidrs").size(); i++) {
      var range = fault.path("cidrs").path(i).asString("");
      if (range.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}(/[0-9]{1,2})?")) {
        var place = pointer + "/cidrs/" + i;
        Addresses.flawOfRange(range).ifPresent(flaw -> refuse(place, flaw));
      }
    }
    for (int i = 0; i < fault.path("containers").size(); i++) {
      var name = fault.path("containers").path(i).asString("");
      if (!name.isBlank() && !SelectorRules.isWord(name)) {
        refuse(
            pointer + "/containers/" + i,
            "no container has such a name: it is lower-case letters, digits and '-'");
      }
    }
    if (kind.endsWith("Stress") && fault.path("containers").size() > 1) {
      refuse(
          pointer + "/containers/1",
          kind
              + " is of one container of each pod; write a fault for each, in a \"parallel\" part");
    }
  }

  /** A share is from 0 to 1, and is counted over a time. */
  private void ratio(String place) {
    var criteria = tree.root().at(place + "/comparator/criteria").asString("");
    var value = tree.root().at(place + "/comparator/value");
    if (value.isNumber() && SHARES.containsKey(criteria)) {
      double share = value.asDouble();
      boolean above = criteria.startsWith(">");
      boolean equal = criteria.endsWith("=");
      boolean always = above ? (equal ? share <= 0 : share < 0) : (equal ? share >= 1 : share > 1);
      boolean never = above ? (equal ? share > 1 : share >= 1) : (equal ? share < 0 : share <= 0);
      if (always || never) {
        refuse(
            place + "/comparator/value",
            "an error ratio is from 0 to 1: it is %s %s %s"
                .formatted(always ? "always" : "never", SHARES.get(criteria), value.asString()));
      }
    }
    var lasting = duration(place + "/for");
    if (lasting != null && lasting.isZero()) {
      refuse(place + "/for", "in 0s no request ends: an error ratio needs some time");
    }
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
