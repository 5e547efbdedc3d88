package dev.muster.drill;

import dev.muster.drill.Drill.Arrivals;
import dev.muster.drill.Drill.Expect;
import dev.muster.source.SourceTree;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
  static final Duration TIMEOUT = Duration.ofSeconds(60);
  static final int PROMPT_TOKENS = 200;
  static final int ANSWER_TOKENS = 120;
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
        observe(),
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
    var titles = faults.strings("/metadata/title");
    return new Drill.Metadata(name, titles.isEmpty() ? Map.of("en", name) : titles);
  }

  private Drill.Lab lab() {
    var settings = new LinkedHashMap<String, Map<String, String>>();
    for (var component : root.at("/lab/settings").propertyNames()) {
      settings.put(component, faults.strings("/lab/settings/" + component));
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

  private Drill.Observe observe() {
    return new Drill.Observe(
        tree.text("/observe/prometheus"),
        tree.text("/observe/alertmanager"),
        tree.text("/observe/elasticsearch"),
        tree.text("/observe/grafana"));
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
        faults.strings("/target/selector/labelSelectors"),
        root.at("/target/endpoint").asString("ingress"));
  }

  private Drill.@Nullable Load load() {
    var load = root.path("load");
    if (load.isMissingNode()) {
      return null;
    }
    return new Drill.Load(
        arrivals(load.path("arrivals")),
        load.path("stream").asBoolean(true),
        load.at("/prompt/tokens").asInt(PROMPT_TOKENS),
        load.at("/answer/tokens").asInt(ANSWER_TOKENS),
        duration(load.path("baseline"), BASELINE),
        duration(load.path("timeout"), TIMEOUT),
        load.path("seed").asLong(SEED),
        load.has("model") ? load.path("model").asString() : null,
        request(load.path("request")));
  }

  private LoadRequest request(JsonNode request) {
    var tls = request.path("tls");
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .path("headers")
        .properties()
        .forEach(each -> headers.put(each.getKey(), each.getValue().asString()));
    return new LoadRequest(
        LoadRequest.Preset.valueOf(
            request.path("preset").asString("deepseek").toUpperCase(Locale.ROOT)),
        request.path("path").asString(LoadRequest.CHAT),
        headers,
        map(request.path("body")),
        servedBy(request.path("servedBy")),
        duration(request.path("connectTimeout"), LoadRequest.CONNECT),
        tls.isMissingNode()
            ? null
            : new LoadRequest.Tls(
                text(tls, "ca"),
                text(tls, "certificate"),
                text(tls, "key"),
                tls.path("insecure").asBoolean(false)));
  }

  private static List<String> servedBy(JsonNode names) {
    return names.isMissingNode()
        ? LoadRequest.SERVED_BY
        : names.valueStream().map(name -> name.asString().toLowerCase(Locale.ROOT)).toList();
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.has(field) ? node.path(field).asString() : null;
  }

  private static Arrivals arrivals(JsonNode arrivals) {
    var poisson = DrillFile.rate(arrivals.path("poisson"));
    return poisson != null
        ? new Arrivals(Arrivals.Pattern.POISSON, poisson)
        : new Arrivals(
            Arrivals.Pattern.CONSTANT,
            Objects.requireNonNull(DrillFile.rate(arrivals.path("constant"))));
  }

  private List<AbortRule> abortWhen() {
    return root.path("abortWhen").valueStream().map(DrillReader::abortRule).toList();
  }

  private static AbortRule abortRule(JsonNode rule) {
    return new AbortRule(
        probe(rule),
        AbortRule.When.of(rule.path("mode").asString("Continuous")),
        duration(rule.path("for"), ABORT_AFTER));
  }

  private static AbortRule.Probe probe(JsonNode rule) {
    return switch (rule.path("probe").asString()) {
      case "http" -> new AbortRule.Http(URI.create(rule.path("url").asString()));
      case "command" -> new AbortRule.Command(list(rule.path("command")));
      case "promql" -> new AbortRule.Promql(rule.path("query").asString(), comparison(rule));
      case "alert" ->
          new AbortRule.Alert(rule.path("name").asString(), rule.path("state").asString("firing"));
      default -> new AbortRule.ErrorRatio(comparison(rule));
    };
  }

  private static AbortRule.Comparison comparison(JsonNode rule) {
    return new AbortRule.Comparison(
        rule.at("/comparator/criteria").asString(), rule.at("/comparator/value").asDouble());
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
    var expect = root.path("expect");
    return new Expect(
        optional(expect.at("/detected/within")),
        optional(expect.at("/replacedPods/within")),
        optional(expect.at("/interruption/max")),
        DrillFile.percent(expect.at("/availability/min")),
        number(expect.at("/lostRequests/max")),
        optional(expect.at("/recovered/within")),
        expect.path("alerts").valueStream().map(DrillReader::alert).toList(),
        expect.path("logs").valueStream().map(DrillReader::logs).toList(),
        number(expect.at("/reconciled/unexplained")),
        new Drill.Consistency(
            expect.at("/consistency").has("etcd"),
            expect.at("/consistency").has("acknowledgedWrites")),
        optional(expect.at("/caches/agreeWithin")),
        expect.path("sql").valueStream().map(DrillReader::sql).toList(),
        expect.has("residue"),
        number(expect.at("/refusedRequests/max")),
        number(expect.at("/unreachableRequests/max")),
        new Drill.Latency(
            quantiles(expect.at("/latency/ttft")), quantiles(expect.at("/latency/gap"))));
  }

  private static List<Drill.Quantile> quantiles(JsonNode bounds) {
    return bounds
        .propertyStream()
        .map(bound -> new Drill.Quantile(bound.getKey(), required(bound.getValue())))
        .toList();
  }

  private static Drill.Alert alert(JsonNode alert) {
    return new Drill.Alert(
        alert.path("name").asString(),
        optional(alert.path("firesWithin")),
        optional(alert.path("resolvesWithin")),
        optional(alert.path("notifiedWithin")));
  }

  private static Drill.Logs logs(JsonNode logs) {
    return new Drill.Logs(
        logs.path("query").asString(), number(logs.path("min")), number(logs.path("max")));
  }

  private static Drill.Sql sql(JsonNode sql) {
    return new Drill.Sql(
        sql.path("url").asString(), sql.path("query").asString(), sql.path("equals").asString());
  }

  private static @Nullable Long number(JsonNode node) {
    return node.isMissingNode() ? null : node.asLong();
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

  private static @Nullable Duration optional(JsonNode node) {
    return node.isMissingNode() ? null : required(node);
  }

  private static Duration duration(JsonNode node, Duration otherwise) {
    return node.isMissingNode() ? otherwise : required(node);
  }

  private static List<String> list(JsonNode node) {
    return node.valueStream().map(JsonNode::asString).toList();
  }

  private static Map<String, Object> map(JsonNode node) {
    return node.isObject()
        ? JsonMapper.shared().convertValue(node, new TypeReference<Map<String, Object>>() {})
        : Map.of();
  }
}
