package dev.muster.observe;

import dev.muster.cluster.Pods;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Notifications that arrived: the log of the pod {@code muster-receiver}, which prints each as a
 * JSON line with the time of its arrival. Read through the API server, so that nothing has to reach
 * Muster from inside.
 *
 * @param client does not try again
 */
public record ReceiverLog(KubernetesClient client, String namespace) {
  static final String NAME = "muster-receiver";
  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * All notifications in the log that arrived since then, in its order.
   *
   * @throws ObservationException if there is no such pod or its log can not be read
   */
  public List<Event.AlertNotified> since(Instant from) {
    try {
      List<Event.AlertNotified> all = new ArrayList<>();
      for (Pod pod : pods()) {
        String log =
            client
                .pods()
                .inNamespace(namespace)
                .withName(Pods.name(pod))
                .sinceTime(from.toString())
                .getLog();
        if (log != null) {
          log.lines().forEach(line -> all.addAll(notified(line)));
        }
      }
      return all.stream().filter(e -> !e.stamp().at().isBefore(from)).toList();
    } catch (KubernetesClientException e) {
      throw new ObservationException(
          "the log of " + NAME + " in namespace " + namespace + ": " + e.getMessage());
    }
  }

  private List<Pod> pods() {
    List<Pod> pods =
        client.pods().inNamespace(namespace).list().getItems().stream()
            .filter(p -> Pods.name(p).startsWith(NAME) && Pods.lives(p))
            .toList();
    if (pods.isEmpty()) {
      throw new ObservationException("no pod " + NAME + " in namespace " + namespace);
    }
    return pods;
  }

  /** One for each alert of a notification; none where the line is something else. */
  static List<Event.AlertNotified> notified(String line) {
    try {
      JsonNode said = MAPPER.readTree(line);
      if (!said.path("event").asString("").equals("notified")) {
        return List.of();
      }
      Stamp arrived = Stamp.seen(Instant.parse(said.path("at").asString("")), NAME, Duration.ZERO);
      List<Event.AlertNotified> all = new ArrayList<>();
      for (JsonNode alert : said.path("alerts")) {
        Map<String, String> labels = new TreeMap<>();
        alert
            .path("labels")
            .properties()
            .forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
        all.add(
            new Event.AlertNotified(
                arrived,
                labels.getOrDefault("alertname", alert.path("name").asString("")),
                Prometheus.withoutName(labels),
                alert.path("status").asString(said.path("status").asString("")),
                said.path("receiver").asString(""),
                time(alert.path("startsAt")),
                time(alert.path("endsAt"))));
      }
      return all;
    } catch (JacksonException | DateTimeParseException e) {
      return List.of(); // what a JVM says of itself stands in the same log
    }
  }

  /** Alertmanager writes the year 1 where it has no time. */
  private static @Nullable Instant time(JsonNode text) {
    Instant at = text.isString() ? Instant.parse(text.asString()) : Instant.MIN;
    return at.isBefore(Instant.EPOCH) ? null : at;
  }
}
