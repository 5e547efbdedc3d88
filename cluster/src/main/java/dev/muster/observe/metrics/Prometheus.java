package dev.muster.observe.metrics;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.JsonApi;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Questions to a Prometheus, by its HTTP API v1. Times are those of its own clock. */
public record Prometheus(JsonApi api) {

  /** Empty where the drill names none. */
  public static Optional<Prometheus> of(ObserverOnCluster.Run run) {
    return run.drill()
        .watcher(dev.muster.drill.observer.Prometheus.class)
        .map(p ->
            JsonApi.of(p.place(), run.probe(), run.environment().get("MUSTER_PROMETHEUS_TOKEN")))
        .map(Prometheus::new);
  }

  public record Sample(Instant at, double value) {}

  /**
   * @param labels without {@code __name__}
   */
  public record Samples(Map<String, String> labels, List<Sample> points) {}

  /**
   * @param state inactive, pending or firing
   * @param activeAt since when the expression holds
   */
  public record Alert(String name, Map<String, String> labels, String state, Instant activeAt) {
    public boolean firing() {
      return state.equals("firing");
    }
  }

  /**
   * @param holds so long the expression must hold before the alert fires
   * @param interval of the rule's group
   * @param error of the last evaluation; empty where there was none
   */
  public record Rule(String alert, String query, Duration holds, Duration interval, String error) {}

  /**
   * The value of an expression now; each series has one point. A scalar is a series without labels.
   */
  public List<Samples> query(String expression) {
    JsonNode data = data("/api/v1/query", Map.of("query", expression));
    return switch (data.path("resultType").asString("")) {
      case "scalar" -> List.of(new Samples(Map.of(), List.of(sample(data.path("result")))));
      case "vector" ->
          data.path("result")
              .valueStream()
              .map(r -> new Samples(labels(r.path("metric")), List.of(sample(r.path("value")))))
              .toList();
      default -> matrix(data);
    };
  }

  /** An expression over a time, evaluated every {@code step}. */
  public List<Samples> range(String expression, Instant from, Instant to, Duration step) {
    return matrix(
        data(
            "/api/v1/query_range",
            Map.of(
                "query",
                expression,
                "start",
                seconds(from),
                "end",
                seconds(to),
                "step",
                step.toSeconds() + "s")));
  }

  /** What its clock says. */
  public Instant now() {
    return query("time()").getFirst().points().getFirst().at();
  }

  public List<Alert> alerts() {
    return data("/api/v1/alerts", Map.of())
        .path("alerts")
        .valueStream()
        .map(a -> {
          Map<String, String> labels = labels(a.path("labels"));
          return new Alert(
              labels.getOrDefault("alertname", ""),
              withoutName(labels),
              a.path("state").asString(""),
              Instant.parse(a.path("activeAt").asString("1970-01-01T00:00:00Z")));
        })
        .toList();
  }

  public List<Rule> alertRules() {
    List<Rule> rules = new ArrayList<>();
    for (JsonNode group : data("/api/v1/rules", Map.of("type", "alert")).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        rules.add(
            new Rule(
                rule.path("name").asString(""),
                rule.path("query").asString(""),
                duration(rule.path("duration").asDouble(0)),
                duration(group.path("interval").asDouble(0)),
                rule.path("lastError").asString("")));
      }
    }
    return rules;
  }

  /** Names of all metrics that had a sample in this time. */
  public Set<String> metrics(Instant from, Instant to) {
    return data("/api/v1/label/__name__/values", Map.of("start", seconds(from), "end", seconds(to)))
        .valueStream()
        .map(JsonNode::asString)
        .collect(Collectors.toSet());
  }

  /** The labels of an alert, without its name: the same wherever it is told of. */
  static Map<String, String> withoutName(Map<String, String> labels) {
    Map<String, String> rest = new TreeMap<>(labels);
    rest.remove("alertname");
    rest.remove("alertstate");
    return rest;
  }

  private JsonNode data(String path, Map<String, String> query) {
    JsonNode answer = api.get(path, query);
    if (!answer.path("status").asString("").equals("success")) {
      throw new ObservationException(
          path + " is not answered as Prometheus does: " + answer.path("error").asString("?"));
    }
    return answer.path("data");
  }

  private static List<Samples> matrix(JsonNode data) {
    return data.path("result")
        .valueStream()
        .map(r ->
            new Samples(
                labels(r.path("metric")),
                r.path("values").valueStream().map(Prometheus::sample).toList()))
        .toList();
  }

  private static Sample sample(JsonNode pair) {
    Instant at =
        Instant.ofEpochMilli(
            pair.path(0).decimalValue().multiply(BigDecimal.valueOf(1000)).longValue());
    return new Sample(at, value(pair.path(1).asString("NaN")));
  }

  private static double value(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static Map<String, String> labels(JsonNode metric) {
    Map<String, String> labels = new LinkedHashMap<>();
    metric.properties().forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
    labels.remove("__name__");
    return labels;
  }

  private static String seconds(Instant at) {
    return BigDecimal.valueOf(at.toEpochMilli(), 3).toPlainString();
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
