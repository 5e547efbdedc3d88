package dev.muster.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill;
import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.DirectJson;
import dev.muster.observe.ask.JsonApi;
import dev.muster.timeline.Event;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is made of the answers of a Prometheus and an Alertmanager. */
@Timeout(60)
class AlertsObserverTest {
  private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");
  private static final String SUCCESS = "{\"status\":\"success\",\"data\":%s}";
  private static final String FIRING =
      """
      {"alerts":[{"labels":{"alertname":"NodeNotReady","node":"n1"},"state":"firing",
       "activeAt":"2026-01-02T03:03:55.5Z","value":"1e+00"},
       {"labels":{"alertname":"Slow"},"state":"pending","activeAt":"2026-01-02T03:03:55Z"}]}
      """;

  private final List<Event> timeline = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Instant now = T;

  @SuppressWarnings("NullAway.Init") // set before each test
  private StandIn stand;

  @BeforeEach
  void open() throws IOException {
    stand = new StandIn();
    alerts("{\"alerts\":[]}");
  }

  @AfterEach
  void close() {
    stand.close();
    http.close();
  }

  @Test
  void anAlertIsSeenToFireAndToResolveSinceTheAnswerBefore() {
    AlertWatch watch = watch(Optional.empty());
    watch.look();
    alerts(FIRING);
    now = T.plusSeconds(2);
    watch.look();
    now = T.plusSeconds(4);
    watch.look();
    assertThat(watch.fires("NodeNotReady")).isTrue();
    alerts("{\"alerts\":[]}");
    now = T.plusSeconds(7);
    watch.look();
    assertThat(watch.fires("NodeNotReady")).isFalse();
    assertThat(watch.fired("NodeNotReady")).isTrue();
    assertThat(watch.fired("Slow")).isFalse();
    assertThat(timeline).hasSize(2);
    assertThat(timeline.getFirst())
        .isInstanceOfSatisfying(
            Event.AlertFired.class,
            e -> {
              assertThat(e.alert()).isEqualTo("NodeNotReady");
              assertThat(e.labels()).isEqualTo(Map.of("node", "n1"));
              assertThat(e.stamp().at()).isEqualTo(T.plusSeconds(2));
              assertThat(e.stamp().uncertainty()).isEqualTo(Duration.ofSeconds(2));
              assertThat(e.stamp().sourceTime()).isEqualTo("2026-01-02T03:03:55.5Z");
            });
    assertThat(timeline.getLast())
        .isInstanceOfSatisfying(
            Event.AlertResolved.class,
            e -> assertThat(e.stamp().uncertainty()).isEqualTo(Duration.ofSeconds(3)));
  }

  @Test
  void whoDoesNotAnswerIsSaidOnceUntilHeAnswers() {
    AlertWatch watch = watch(Optional.of(new Alertmanager(api())));
    watch.look(); // Prometheus answers, Alertmanager does not
    watch.look();
    assertThat(timeline)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.NotObserved.class, e -> assertThat(e.what()).isEqualTo("alertmanager"));
    assertThat(watch.silent("alertmanager")).isTrue();
    assertThat(watch.silent("prometheus")).isFalse();
    stand.answering("/api/v2/alerts", "[]");
    watch.look();
    assertThat(watch.silent("alertmanager")).isFalse();
  }

  @Test
  void whatAlertmanagerHasIsToldWithItsReceiversAndWhoSilencedIt() {
    stand.answering(
        "/api/v2/alerts",
        """
        [{"labels":{"alertname":"NodeNotReady","node":"n1"},"startsAt":"2026-01-02T03:04:00.5Z",
          "receivers":[{"name":"muster"}],"status":{"state":"suppressed","silencedBy":["7"]}}]
        """);
    stand.answering("/api/v2/silence/7", "{\"createdBy\":\"ann\",\"comment\":\"works\"}");
    AlertWatch watch = watch(Optional.of(new Alertmanager(api())));
    watch.look();
    watch.look();
    assertThat(timeline).hasSize(2);
    assertThat(timeline.getFirst())
        .isInstanceOfSatisfying(
            Event.AlertHeld.class,
            e -> {
              assertThat(e.receivers()).containsExactly("muster");
              assertThat(e.stamp().sourceTime()).isEqualTo("2026-01-02T03:04:00.5Z");
            });
    assertThat(timeline.getLast())
        .isInstanceOfSatisfying(
            Event.AlertSilenced.class,
            e -> assertThat(e.by()).isEqualTo("silence 7 by ann: works"));
  }

  @Test
  void theRecordHasTheTimesOfPrometheussOwnEvaluations() {
    record("NodeNotReady", "[[1767323000.5,\"1\"],[1767323005.5,\"1\"],[1767323010.5,\"1\"]]");
    List<Event> events = read();
    Event.AlertRecorded recorded = recorded(events).getFirst();
    assertThat(recorded.stamp().sourceTime()).isEqualTo(Instant.ofEpochMilli(1767323000500L));
    assertThat(java.util.Objects.requireNonNull(recorded.resolved()).sourceTime())
        .isEqualTo(Instant.ofEpochMilli(1767323015500L));
    assertThat(recorded.labels()).isEqualTo(Map.of("node", "n1"));
    assertThat(events.getLast()).isInstanceOf(Event.AlertsRead.class);
  }

  @Test
  void whatStillFiresHasNoEndAndAGapIsAnEnd() {
    alerts(FIRING);
    record("NodeNotReady", "[[1767323000,\"1\"],[1767323005,\"1\"],[1767323060,\"1\"]]");
    List<Event.AlertRecorded> times = recorded(read());
    assertThat(times).hasSize(2);
    assertThat(java.util.Objects.requireNonNull(times.getFirst().resolved()).sourceTime())
        .isEqualTo(Instant.ofEpochSecond(1767323010));
    assertThat(times.getLast().resolved()).isNull();
  }

  @Test
  void aRuleThatNamesAMetricThatIsNotThereIsInTrouble() {
    record("NodeNotReady", "[]");
    assertThat(read())
        .filteredOn(e -> e instanceof Event.AlertRuleSeen)
        .singleElement()
        .isInstanceOfSatisfying(
            Event.AlertRuleSeen.class,
            e -> {
              assertThat(e.holds()).isEqualTo(Duration.ofSeconds(10));
              assertThat(e.interval()).isEqualTo(Duration.ofSeconds(5));
              assertThat(e.trouble()).contains("kube_nod_status");
            });
  }

  @Test
  void thereIsWaitingForWhatIsExpectedNoLongerThanItIsAllowed() {
    try (AlertsObserver observer =
        observer(new Drill.Alert("NodeNotReady", null, Duration.ofMinutes(3), null))) {
      alerts(FIRING);
      observer.begin();
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !timeline.isEmpty());
      assertThat(observer.settled(Duration.ZERO)).isFalse();
      assertThat(observer.settled(Duration.ofMinutes(3))).isFalse();
      assertThat(observer.settled(Duration.ofSeconds(200))).isTrue();
      alerts("{\"alerts\":[]}");
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> observer.settled(Duration.ZERO));
    }
  }

  @Test
  void aPrometheusThatIsGoneAtTheEndLeavesNoRecord() {
    try (AlertsObserver observer = observer(new Drill.Alert("A", null, null, null))) {
      observer.begin();
      stand.close();
      assertThatThrownBy(observer::end).isInstanceOf(ObservationException.class);
      assertThat(timeline).noneMatch(e -> e instanceof Event.AlertsRead);
    }
  }

  private JsonApi api() {
    return new DirectJson(http, stand.uri(), null);
  }

  private AlertWatch watch(Optional<Alertmanager> alertmanager) {
    return new AlertWatch(
        new Prometheus(api()), alertmanager, Optional.empty(), () -> now, timeline::add);
  }

  private AlertsObserver observer(Drill.Alert expected) {
    return new AlertsObserver(
        new Prometheus(api()),
        Optional.empty(),
        Optional.empty(),
        List.of(expected),
        () -> now,
        timeline::add);
  }

  private void alerts(String data) {
    stand.answering("/api/v1/alerts", SUCCESS.formatted(data));
  }

  private void record(String alert, String points) {
    stand.answering(
        "/api/v1/query",
        SUCCESS.formatted(
            "{\"resultType\":\"matrix\",\"result\":[{\"metric\":{\"__name__\":\"ALERTS\",\"alertname\":\""
                + alert
                + "\",\"alertstate\":\"firing\",\"node\":\"n1\"},\"values\":"
                + points
                + "}]}"));
    stand.answering(
        "/api/v1/rules",
        SUCCESS.formatted(
            "{\"groups\":[{\"interval\":5,\"rules\":[{\"name\":\"NodeNotReady\",\"duration\":10,"
                + "\"query\":\"kube_nod_status{condition=\\\"Ready\\\"} == 0 and on (node) up\"}]}]}"));
    stand.answering("/api/v1/label/__name__/values", SUCCESS.formatted("[\"up\",\"ALERTS\"]"));
  }

  private List<Event> read() {
    return new AlertRecord(new Prometheus(api()), Duration.ZERO, Duration.ZERO)
        .read(T.minusSeconds(60), T);
  }

  private static List<Event.AlertRecorded> recorded(List<Event> events) {
    return events.stream()
        .filter(e -> e instanceof Event.AlertRecorded)
        .map(e -> (Event.AlertRecorded) e)
        .toList();
  }
}
