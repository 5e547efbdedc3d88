package dev.muster.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.observe.ObservationException;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class ReceiverLogTest {
  private static final String LINE =
      "{\"event\":\"notified\",\"at\":\"2026-01-02T03:04:08.25Z\",\"receiver\":\"muster\","
          + "\"status\":\"firing\",\"alerts\":["
          + "{\"status\":\"firing\",\"labels\":{\"alertname\":\"A\",\"node\":\"n1\"},"
          + "\"startsAt\":\"2026-01-02T03:04:05Z\",\"endsAt\":\"0001-01-01T00:00:00Z\"},"
          + "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"B\"},"
          + "\"startsAt\":\"2026-01-02T03:00:05Z\",\"endsAt\":\"2026-01-02T03:04:00Z\"}]}";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @Test
  void aNotificationTellsOfEachOfItsAlerts() {
    var told = ReceiverLog.notified(LINE);
    assertThat(told).hasSize(2);
    var firing = told.getFirst();
    assertThat(firing.alert()).isEqualTo("A");
    assertThat(firing.labels()).isEqualTo(Map.of("node", "n1"));
    assertThat(firing.receiver()).isEqualTo("muster");
    assertThat(firing.stamp().at()).isEqualTo(Instant.parse("2026-01-02T03:04:08.25Z"));
    assertThat(firing.startsAt()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
    assertThat(firing.endsAt()).isNull();
    assertThat(told.getLast().status()).isEqualTo("resolved");
    assertThat(told.getLast().endsAt()).isEqualTo(Instant.parse("2026-01-02T03:04:00Z"));
  }

  @Test
  void otherLinesOfTheLogAreNone() {
    assertThat(ReceiverLog.notified("{\"event\":\"listening\",\"at\":\"2026-01-02T03:04:08Z\"}"))
        .isEmpty();
    assertThat(ReceiverLog.notified("OpenJDK warning")).isEmpty();
    assertThat(ReceiverLog.notified("{\"event\":\"notified\"}")).isEmpty();
    assertThat(ReceiverLog.notified("")).isEmpty();
  }

  @Test
  void withoutAReceiverNothingCanBeRead() {
    assertThatThrownBy(() -> new ReceiverLog(client, "watch").since(Instant.EPOCH))
        .isInstanceOf(ObservationException.class)
        .hasMessage("no pod muster-receiver in namespace watch");
  }
}
