package dev.muster.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.Drill;
import dev.muster.observe.ObservationException;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real Prometheus and Alertmanager; the receiver of notifications alone is made up. */
@Tag("lab")
@EnabledIf(
    value = "dev.muster.observe.metrics.LivePrometheus#installed",
    disabledReason = "the packages prometheus and prometheus-alertmanager are missing")
@Timeout(120)
class LivePrometheusTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Drill.Alert EXPECTED =
      new Drill.Alert("TargetGone", Duration.ofMinutes(1), Duration.ofMinutes(1), null);

  @TempDir Path folder;
  private final List<Event> timeline = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private StandIn receiver;

  @SuppressWarnings("NullAway.Init") // set before each test
  private LivePrometheus live;

  @BeforeEach
  void open() throws IOException {
    receiver = new StandIn().answering("/hook", "{}");
    live = new LivePrometheus(folder, receiver.uri().resolve("/hook"));
    await().atMost(SOON).until(live::ready);
  }

  @AfterEach
  void close() {
    live.close();
    receiver.close();
  }

  @Test
  void firingAndResolvingAreWhatPrometheusAndAlertmanagerRecordedThemselves() throws Exception {
    try (AlertsObserver observer = observer()) {
      observer.begin();
      live.gone(true);
      await().atMost(SOON).until(() -> seen(Event.AlertFired.class).findAny().isPresent());
      await().atMost(SOON).until(() -> seen(Event.AlertHeld.class).findAny().isPresent());
      await().atMost(SOON).until(() -> notified("firing").isPresent());
      assertThat(observer.settled(Duration.ZERO)).isFalse();
      live.gone(false);
      await().atMost(SOON).until(() -> observer.settled(Duration.ZERO));
      await().atMost(SOON).until(() -> notified("resolved").isPresent());
      observer.end();
    }
    Event.AlertRecorded recorded = seen(Event.AlertRecorded.class).findFirst().orElseThrow();
    JsonNode resolved = notified("resolved").orElseThrow();
    Instant fired = Objects.requireNonNull(recorded.stamp().sourceTime());
    assertThat(recorded.alert()).isEqualTo("TargetGone");
    assertThat(fired).isEqualTo(millis(resolved.path("startsAt")));
    assertThat(Objects.requireNonNull(recorded.resolved()).sourceTime())
        .isEqualTo(millis(resolved.path("endsAt")));
    Event.AlertHeld held = seen(Event.AlertHeld.class).findFirst().orElseThrow();
    assertThat(held.stamp().sourceTime()).isEqualTo(fired);
    assertThat(held.labels()).isEqualTo(recorded.labels());
    assertThat(held.receivers()).containsExactly("hook");
    Event.AlertFired polled = seen(Event.AlertFired.class).findFirst().orElseThrow();
    assertThat(recorded.stamp().at())
        .as("it fired between the look before and the one that saw it")
        .isBetween(
            polled.stamp().at().minus(polled.stamp().uncertainty()).minusMillis(500),
            polled.stamp().at().plusMillis(500));
    assertThat(seen(Event.AlertsRead.class).map(Event.AlertsRead::source))
        .contains("prometheus", "alertmanager");
    assertThat(seen(Event.AlertRuleSeen.class))
        .anyMatch(r -> r.alert().equals("TargetGone") && r.trouble() == null)
        .anyMatch(r -> r.alert().equals("Misspelt") && String.valueOf(r.trouble()).contains("upp"));
  }

  @Test
  void aPrometheusThatDiesIsSaidAndLeavesNoRecord() throws Exception {
    try (AlertsObserver observer = observer()) {
      observer.begin();
      live.stopPrometheus();
      await().atMost(SOON).until(() -> seen(Event.NotObserved.class).findAny().isPresent());
      assertThatThrownBy(observer::end)
          .isInstanceOf(ObservationException.class)
          .hasMessageContaining("nobody listens there");
    }
    assertThat(seen(Event.NotObserved.class).map(Event.NotObserved::what))
        .containsOnly("prometheus");
    assertThat(seen(Event.AlertsRead.class).map(Event.AlertsRead::source))
        .doesNotContain("prometheus");
  }

  @Test
  void everyQuestionForTheReportsSeriesIsOneThatPrometheusTakes() {
    try (SeriesObserver observer =
        new SeriesObserver(live.prometheus(), "s", folder, Clock.systemUTC())) {
      observer.begin();
      observer.end();
    }
    assertThat(SeriesFile.read(folder)).isPresent();
    assertThat(
            live.prometheus()
                .range(
                    "up{job=\"itself\"}",
                    Instant.now().minusSeconds(1),
                    Instant.now(),
                    Duration.ofSeconds(1)))
        .extracting(Prometheus.Samples::labels)
        .allMatch(l -> l.equals(Map.of("instance", l.get("instance"), "job", "itself")));
  }

  private AlertsObserver observer() {
    return new AlertsObserver(
        live.prometheus(),
        Optional.of(live.alertmanager()),
        Optional.empty(),
        List.of(EXPECTED),
        Clock.systemUTC(),
        timeline::add);
  }

  private <E extends Event> Stream<E> seen(Class<E> type) {
    return timeline.stream().filter(type::isInstance).map(type::cast);
  }

  /** The alert in the first notification of that status. */
  private Optional<JsonNode> notified(String status) {
    return receiver.asked().stream()
        .filter(a -> a.startsWith("POST /hook "))
        .map(a -> new JsonMapper().readTree(a.substring("POST /hook ".length())))
        .filter(n -> n.path("status").asString("").equals(status))
        .map(n -> n.path("alerts").get(0))
        .findFirst();
  }

  private static Instant millis(JsonNode time) {
    return Instant.parse(time.asString()).truncatedTo(ChronoUnit.MILLIS);
  }
}
