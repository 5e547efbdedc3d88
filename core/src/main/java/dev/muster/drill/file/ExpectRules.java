package dev.muster.drill.file;

import dev.muster.drill.LoadRequest;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.NumberText;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Expectations that nothing could answer, or that any answer would meet: a finding of theirs would
 * say nothing about the service.
 */
final class ExpectRules {
  /** Where a deadline stands. */
  private static final List<String> DEADLINES =
      List.of(
          "/detected/within", "/replacedPods/within", "/recovered/within", "/caches/agreeWithin");

  private static final List<String> ALERT_DEADLINES =
      List.of("firesWithin", "resolvesWithin", "notifiedWithin");

  /** Behind the word of a kind that does other things to a pod than to a node. */
  private static final String IN_POD = " in a pod";

  /** What only clients can tell. */
  private static final List<String> CLIENTS =
      List.of(
          "interruption",
          "availability",
          "lostRequests",
          "refusedRequests",
          "unreachableRequests",
          "latency",
          "content",
          "reconciled");

  private final SourceTree tree;
  private final JsonNode expect;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  ExpectRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.expect = tree.root().path("expect");
    this.refuse = refuse;
  }

  void check() {
    for (var field : List.of("alerts", "logs", "sql")) {
      if (expect.path(field).isArray() && expect.path(field).isEmpty()) {
        refuse.accept(
            "/expect/" + field,
            field + " is empty and would expect nothing: fill it or take it out");
      }
    }
    availability();
    latency("/latency/ttft");
    latency("/latency/gap");
    DEADLINES.forEach(this::deadline);
    for (int i = 0; i < expect.path("alerts").size(); i++) {
      for (var field : ALERT_DEADLINES) {
        deadline("/alerts/" + i + "/" + field);
      }
      toldFirst("/expect/alerts/" + i);
    }
    for (int i = 0; i < expect.path("logs").size(); i++) {
      log("/expect/logs/" + i);
    }
    told("alerts", List.of("name"));
    told("logs", List.of("query"));
    told("sql", List.of("url", "query"));
    kinds();
    load();
    observers();
  }

  private void availability() {
    var min = NumberText.percent(expect.at("/availability/min").asString(""));
    if (min != null && min > 100) {
      refuse.accept("/expect/availability/min", "availability can not exceed 100%");
    } else if (min != null && min == 0) {
      refuse.accept("/expect/availability/min", "0% holds where no request is answered at all");
    }
  }

  /** A higher quantile cannot be lower: such a bound would exclude everything or say nothing. */
  private void latency(String field) {
    Duration most = null;
    for (var name : List.of("max", "p99", "p95", "p90", "p50")) {
      var bound = DurationText.parse(expect.at(field + "/" + name).asString("")).orElse(null);
      if (bound != null && bound.isZero()) {
        refuse.accept(
            "/expect" + field + "/" + name,
            "no client gets a token in 0s: a bound must be above it");
      } else if (bound != null && most != null && bound.compareTo(most) > 0) {
        refuse.accept(
            "/expect" + field + "/" + name,
            name + " is never above what a higher quantile is: its bound must not be either");
      }
      most = bound == null ? most : bound;
    }
  }

  private void deadline(String field) {
    var node = expect.at(field);
    if (node.isString()
        && DurationText.parse(node.asString()).filter(d -> d.isZero()).isPresent()) {
      refuse.accept("/expect" + field, "nothing happens within 0s: no run could meet it");
    }
  }

  /** Nobody is told of an alert before it fires: both are counted from the fault. */
  private void toldFirst(String pointer) {
    var alert = tree.root().at(pointer);
    var fires = DurationText.parse(alert.path("firesWithin").asString(""));
    var told = DurationText.parse(alert.path("notifiedWithin").asString(""));
    if (fires.isPresent() && told.isPresent() && told.get().compareTo(fires.get()) < 0) {
      refuse.accept(
          pointer + "/notifiedWithin",
          "it is told after it fires: notifiedWithin %s can not be below firesWithin %s"
              .formatted(DurationText.of(told.get()), DurationText.of(fires.get())));
    }
  }

  private void log(String pointer) {
    var rule = tree.root().at(pointer);
    var min = rule.path("min");
    var max = rule.path("max");
    if (rule.isObject() && !rule.has("min") && !rule.has("max")) {
      refuse.accept(pointer, "a log query needs a \"min\" or a \"max\" to be judged by");
    } else if (min.isNumber() && max.isNumber()) {
      if (min.decimalValue().compareTo(max.decimalValue()) > 0) {
        refuse.accept(
            pointer + "/min", "min " + min + " is above max " + max + ": no number meets both");
      }
    } else if (min.isNumber() && min.decimalValue().signum() == 0) {
      refuse.accept(pointer + "/min", "any number is at least 0: give a \"max\", or a min above 0");
    }
  }

  /** Of the same thing two entries would contradict each other, or say it twice. */
  private void told(String field, List<String> names) {
    var seen = new HashMap<List<String>, Integer>();
    for (int i = 0; i < expect.path(field).size(); i++) {
      var entry = expect.path(field).path(i);
      if (names.stream().allMatch(name -> entry.path(name).isString())) {
        var what = names.stream().map(name -> entry.path(name).asString()).toList();
        var first = seen.putIfAbsent(what, i);
        if (first != null) {
          refuse.accept(
              "/expect/" + field + "/" + i,
              "expect.%s[%d] asks the same already: say all of it there".formatted(field, first));
        }
      }
    }
  }

  private void kinds() {
    var kinds = new LinkedHashMap<String, Set<Trait>>();
    collect(tree.root().path("faults"), kinds);
    if (kinds.isEmpty()) {
      return; // told elsewhere
    }
    if (expect.has("detected") && none(kinds, Trait.TAKES_NODE)) {
      unanswerable("detected", kinds, "makes a node NotReady", Trait.TAKES_NODE);
    }
    if (expect.has("replacedPods") && kinds.keySet().stream().allMatch(k -> k.endsWith(IN_POD))) {
      refuse.accept(
          "/expect/replacedPods",
          "replacedPods can not be answered: %s ends its container, and the kubelet starts that again in the same pod; recovered tells when"
              .formatted(String.join(", ", kinds.keySet())));
    } else if (expect.has("replacedPods") && none(kinds, Trait.REPLACES_PODS)) {
      unanswerable("replacedPods", kinds, "makes anybody replace a pod", Trait.REPLACES_PODS);
    }
    if (expect.has("recovered")
        && kinds.values().stream().allMatch(t -> t.contains(Trait.SPARES_PODS))) {
      refuse.accept(
          "/expect/recovered",
          "recovered can not be answered: %s leaves every pod where it is and Ready; interruption and availability tell what clients felt"
              .formatted(String.join(", ", kinds.keySet())));
    }
  }

  private static boolean none(Map<String, Set<Trait>> kinds, Trait trait) {
    return kinds.values().stream().noneMatch(traits -> traits.contains(trait));
  }

  private void unanswerable(
      String field, Map<String, Set<Trait>> kinds, String what, Trait needed) {
    refuse.accept(
        "/expect/" + field,
        "%s can not be answered: no %s %s; %s can"
            .formatted(
                field,
                String.join(" or ", kinds.keySet()),
                what,
                Kinds.all().stream()
                    .map(Kind::word)
                    .filter(kind -> Kinds.is(kind, needed))
                    .sorted()
                    .collect(Collectors.joining(", "))));
  }

  /** Traits by the word of the kind; a word that the schema refuses has none. */
  private static void collect(JsonNode steps, Map<String, Set<Trait>> kinds) {
    for (var step : steps.valueStream().toList()) {
      if (step.path("kind").isString()) {
        var word = step.path("kind").asString();
        var in = step.path("in").asString("").equals("pod") ? "pod" : "node";
        Set<Trait> traits = Kinds.named(word).map(kind -> kind.plain(in).traits()).orElse(Set.of());
        boolean less = Kinds.is(word, Trait.REPLACES_PODS) && !traits.contains(Trait.REPLACES_PODS);
        kinds.put(less ? word + IN_POD : word, traits);
      }
      collect(step.path("parallel"), kinds);
      collect(step.path("serial"), kinds);
    }
  }

  /** What clients felt is known only where there are some. */
  private void load() {
    if (tree.root().has("load")) {
      tokens();
      gap();
      return;
    }
    for (var field : CLIENTS) {
      if (expect.has(field)) {
        refuse.accept(
            "/expect/" + field, field + " needs a \"load\": without clients it is not known");
      }
    }
    if (expect.at("/consistency").has("acknowledgedWrites")) {
      refuse.accept(
          "/expect/consistency/acknowledgedWrites",
          "acknowledgedWrites needs a \"load\": without clients nothing is acknowledged");
    }
  }

  private LoadRequest.Preset preset() {
    return RequestRules.preset(tree.root().at("/load/request"));
  }

  /** Latency is told of tokens. */
  private void tokens() {
    var preset = preset();
    if (expect.has("latency") && !preset.tokens()) {
      refuse.accept(
          "/expect/latency",
          "latency is of tokens, and answers of preset %s have none: %s bounds how long each may"
                  .formatted(
                      preset,
                      preset == LoadRequest.Preset.HTTP
                          ? "load.request.success.within"
                          : "load.timeout")
              + " take, and availability how many may take longer");
    }
  }

  /** Where an answer comes in one piece there is nothing between its pieces. */
  private void gap() {
    var load = tree.root().path("load");
    boolean whole = load.path("stream").isBoolean() && !load.path("stream").booleanValue();
    boolean one = load.at("/answer/tokens").isNumber() && load.at("/answer/tokens").intValue() == 1;
    if (preset().tokens() && expect.at("/latency").has("gap") && (whole || one)) {
      refuse.accept(
          "/expect/latency/gap",
          "a gap needs answers that come piece by piece: "
              + (whole ? "load.stream is false" : "load.answer.tokens is 1"));
    }
  }

  private void observers() {
    boolean monitor = tree.root().has("monitor");
    var observe = tree.root().path("observe");
    if (expect.has("alerts") && !monitor && !observe.has("prometheus")) {
      refuse.accept("/expect/alerts", "alerts need a Prometheus: monitor, or observe.prometheus");
    }
    boolean receiver = monitor || observe.path("alertmanager").asString("").startsWith("service/");
    for (int i = 0; i < expect.path("alerts").size(); i++) {
      if (!receiver && expect.path("alerts").path(i).has("notifiedWithin")) {
        refuse.accept(
            "/expect/alerts/" + i + "/notifiedWithin",
            "who was told is known by muster-receiver beside Alertmanager: monitor, or"
                + " observe.alertmanager as service/NAMESPACE/NAME:PORT");
      }
    }
    for (var field : List.of("logs", "reconciled")) {
      if (expect.has(field) && !monitor && !observe.has("elasticsearch")) {
        refuse.accept(
            "/expect/" + field, field + " needs a log store: monitor, or observe.elasticsearch");
      }
    }
  }
}
