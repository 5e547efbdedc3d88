package dev.muster.observe.metrics;

import dev.muster.observe.ask.JsonApi;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Questions to an Alertmanager, by its HTTP API v2. */
public record Alertmanager(JsonApi api) {

  /**
   * An alert that Alertmanager has; it forgets what has resolved.
   *
   * @param receivers to whom its routes send it
   * @param silencedBy ids of silences
   */
  public record Held(
      String name,
      Map<String, String> labels,
      Instant startsAt,
      List<String> receivers,
      List<String> silencedBy) {}

  public List<Held> alerts() {
    return api.get("/api/v2/alerts", Map.of())
        .valueStream()
        .map(a -> {
          Map<String, String> labels = new TreeMap<>();
          a.path("labels")
              .properties()
              .forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
          return new Held(
              labels.getOrDefault("alertname", ""),
              Prometheus.withoutName(labels),
              Instant.parse(a.path("startsAt").asString("1970-01-01T00:00:00Z")),
              a.path("receivers").valueStream().map(r -> r.path("name").asString("")).toList(),
              a.at("/status/silencedBy").valueStream().map(JsonNode::asString).toList());
        })
        .toList();
  }

  /** A silence in words: who made it, and why. */
  public String silence(String id) {
    JsonNode silence = api.get("/api/v2/silence/" + id, Map.of());
    return "silence %s by %s: %s"
        .formatted(
            id, silence.path("createdBy").asString("?"), silence.path("comment").asString(""));
  }
}
