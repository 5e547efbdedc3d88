package dev.muster.drill.file;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.Drill.Expect;
import dev.muster.drill.Rate;
import dev.muster.drill.abort.Probe;
import dev.muster.drill.expect.Expectation;
import dev.muster.drill.expect.Expectations;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.NumberText;
import dev.muster.drill.observer.Watcher;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes the {@link Drill} of a tree that schema and rules have accepted, and fills in defaults. */
final class DrillReader {
  static final String KUBERNETES = "1.37.2";
  static final int NODES = 4;
  static final List<String> ZONES = List.of("a", "b", "c");
  static final Duration BASELINE = Duration.ofSeconds(30);
  static final Duration TIMEOUT = Drill.Load.TIMEOUT;
  static final long SEED = 1;
  static final Duration ABORT_AFTER = Duration.ofSeconds(60);

  private final SourceTree tree;
  private final JsonNode root;
  private final FaultReader faults;

  DrillReader(SourceTree tree) {
    this.tree = tree;
    this.root = tree.root();
    this.faults = new FaultReader(tree);
  }

  Drill drill() {
    return new Drill(
        metadata(),
        lab(),
        deploy("deploy"),
        deploy("monitor"),
        Watcher.read(FaultYaml.accepted(tree, "/observe")),
        power(),
        target(),
        load(),
        faults.steps("/faults"),
        abortWhen(),
        protect(),
        root.at("/agent/image").isMissingNode() ? null : root.at("/agent/image").asString(),
        expect(),
        report());
  }

  private Drill.Metadata metadata() {
    var name = root.at("/metadata/name").asString();
    var titles = tree.strings("/metadata/title");
    return new Drill.Metadata(name, titles.isEmpty() ? Map.of("en", name) : titles);
  }

  private Drill.Lab lab() {
    var settings = new LinkedHashMap<String, Map<String, String>>();
    for (var component : root.at("/lab/settings").propertyNames()) {
      settings.put(component, tree.strings("/lab/settings/" + component));
    }
    return new Drill.Lab(
        Objects.requireNonNullElse(tree.text("/lab/kubernetes"), KUBERNETES),
        root.at("/lab/nodes").asInt(NODES),
        root.at("/lab").has("zones") ? list(root.at("/lab/zones")) : ZONES,
        settings);
  }

  private Drill.@Nullable Deploy deploy(String field) {
    var deploy = root.path(field);
    return deploy.isMissingNode()
        ? null
        : new Drill.Deploy(
            deploy.path("chart").asString(),
            deploy.path("release").asString(),
            deploy.path("namespace").asString(),
            map(deploy.path("values")));
  }

  private Drill.@Nullable PowerHook power() {
    var power = root.path("power");
    return power.isMissingNode()
        ? null
        : new Drill.PowerHook(
            list(power.path("off")), list(power.path("on")), list(power.path("state")));
  }

  private Drill.Target target() {
    var namespace =
        root.at(
            root.at("/target/namespace").isMissingNode()
                ? "/deploy/namespace"
                : "/target/namespace");
    return new Drill.Target(
        namespace.asString(),
        tree.strings("/target/selector/labelSelectors"),
        root.at("/target/endpoint").asString("ingress"));
  }

  private Drill.@Nullable Load load() {
    var load = root.path("load");
    if (load.isMissingNode()) {
      return null;
    }
    var request = RequestReader.read(load.path("request"));
    return new Drill.Load(
        arrivals(load.path("arrivals")),
        load.path("stream").asBoolean(request.preset().tokens()),
        PromptReader.promptTokens(load),
        PromptReader.answerTokens(load),
        duration(load.path("baseline"), BASELINE),
        duration(load.path("timeout"), TIMEOUT),
        load.path("seed").asLong(SEED),
        load.has("model") ? load.path("model").asString() : null,
        request,
        inCluster(load.path("inCluster")),
        PromptReader.sources(load),
        root.at("/expect/content").isString(),
        load.path("retries").asInt(0),
        load.path("reconnects").asInt(0));
  }

  private static Drill.@Nullable InCluster inCluster(JsonNode pods) {
    return pods.isMissingNode()
        ? null
        : new Drill.InCluster(pods.path("pods").asInt(), text(pods, "endpoint"));
  }

  private static Arrivals arrivals(JsonNode arrivals) {
    var trace = arrivals.path("trace");
    if (trace.isObject()) {
      return new Arrivals.Trace(
          trace.path("file").asString(),
          text(trace, "column"),
          Arrivals.Unit.valueOf(trace.path("unit").asString("s").toUpperCase(Locale.ROOT)));
    }
    return arrivals.has("poisson")
        ? new Arrivals.Paced(Arrivals.Pattern.POISSON, rate(arrivals.path("poisson")))
        : new Arrivals.Paced(Arrivals.Pattern.CONSTANT, rate(arrivals.path("constant")));
  }

  /** Of what {@link RateRules} has accepted. */
  static Rate rate(JsonNode rate) {
    if (rate.isObject()) {
      double to = perSecond(rate.path("to"));
      return new Rate(
          List.of(new Rate.Stretch(perSecond(rate.path("from")), to, required(rate.path("over")))),
          to);
    }
    if (rate.isArray()) {
      var steps = rate.valueStream().map(DrillReader::step).toList();
      return new Rate(steps, steps.getLast().to());
    }
    return Rate.steady(perSecond(rate));
  }

  private static Rate.Stretch step(JsonNode step) {
    double perSecond = perSecond(step.path("rate"));
    return new Rate.Stretch(perSecond, perSecond, required(step.path("for")));
  }

  private static double perSecond(JsonNode rate) {
    return Objects.requireNonNull(NumberText.rate(rate.asString("")));
  }

  private List<AbortRule> abortWhen() {
    return IntStream.range(0, root.path("abortWhen").size())
        .mapToObj(i -> abortRule(FaultYaml.accepted(tree, "/abortWhen/" + i)))
        .toList();
  }

  private static AbortRule abortRule(FaultYaml rule) {
    return new AbortRule(
        Probe.named(rule.text("probe", "")).orElseThrow().reader().apply(rule),
        AbortRule.When.of(rule.text("mode", "Continuous")),
        rule.duration("for", ABORT_AFTER));
  }

  /** The cluster's own services are nobody's target. */
  private Drill.Protect protect() {
    var protect = root.path("protect");
    return new Drill.Protect(
        list(protect.path("nodes")),
        protect.has("namespaces") ? list(protect.path("namespaces")) : List.of("kube-system"),
        protect.path("controlPlane").asBoolean(true));
  }

  private Expect expect() {
    var asked = new LinkedHashMap<String, Object>();
    for (Expectation<?> each : Expectations.all()) {
      var value = root.at("/expect/" + each.name() + each.place());
      if (!value.isMissingNode()) {
        asked.put(each.name() + each.place(), each.reader().apply(value));
      }
    }
    return new Expect(asked);
  }

  private Drill.Report report() {
    var report = root.path("report");
    return new Drill.Report(
        report.has("languages") ? list(report.path("languages")) : List.of("zh", "en"),
        report.has("formats")
            ? list(report.path("formats"))
            : List.of("html", "json", "junit", "markdown"));
  }

  private static Duration required(JsonNode node) {
    return DurationText.parse(node.asString()).orElseThrow();
  }

  static @Nullable Duration optional(JsonNode node) {
    return node.isMissingNode() ? null : required(node);
  }

  static Duration duration(JsonNode node, Duration otherwise) {
    return node.isMissingNode() ? otherwise : required(node);
  }

  private static List<String> list(JsonNode node) {
    return node.valueStream().map(JsonNode::asString).toList();
  }

  static Map<String, Object> map(JsonNode node) {
    return node.isObject()
        ? JsonMapper.shared().convertValue(node, new TypeReference<Map<String, Object>>() {})
        : Map.of();
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.has(field) ? node.path(field).asString() : null;
  }
}
