package dev.muster.observe.metrics;

import dev.muster.cluster.object.Pods;
import dev.muster.observe.ObservationException;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
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

/**
 * Notifications that arrived: the log of the pod {@code muster-receiver}, which prints each as a
 * JSON line with the time of its arrival. Read through the API server, so that nothing has to reach
 * Muster from inside.
 *
 * @param client does not try again
 */
public record ReceiverLog(KubernetesClient client, String namespace) {
  static final String NAME = "muster-receiver";

  /**
   * All notifications in the log that arrived since then, in its order.
   *
   * @throws ObservationException if there is no such pod or its log cannot be read
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
      // what a JVM says of itself stands in the same log
      AgentLine told = AgentLine.of(line).orElse(null);
      if (told == null || told.at() == null) {
        return List.of();
      }
      Stamp arrived = Stamp.seen(told.at(), NAME, Duration.ZERO);
      return told.event() instanceof AgentEvent.Notified notified
          ? notified.alerts().stream().map(alert -> of(alert, notified, arrived)).toList()
          : List.of();
    } catch (DateTimeParseException e) {
      return List.of();
    }
  }

  private static Event.AlertNotified of(
      AgentEvent.Alert alert, AgentEvent.Notified notified, Stamp arrived) {
    Map<String, String> labels = new TreeMap<>(alert.labels());
    return new Event.AlertNotified(
        arrived,
        labels.getOrDefault("alertname", alert.name()),
        Prometheus.withoutName(labels),
        alert.status().isEmpty() ? notified.status() : alert.status(),
        notified.receiver(),
        time(alert.startsAt()),
        time(alert.endsAt()));
  }

  /** Alertmanager writes the year 1 where it has no time. */
  private static @Nullable Instant time(String text) {
    Instant at = text.isEmpty() ? Instant.MIN : Instant.parse(text);
    return at.isBefore(Instant.EPOCH) ? null : at;
  }
}
