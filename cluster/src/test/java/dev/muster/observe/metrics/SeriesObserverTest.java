package dev.muster.observe.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.DirectJson;
import dev.muster.timeline.Event;
import dev.muster.timeline.MeasuredSeries;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series that are kept, and annotations that are given away. */
class SeriesObserverTest {
  private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private Instant now = T;

  @SuppressWarnings("NullAway.Init") // set before each test
  private StandIn stand;

  @BeforeEach
  void open() throws IOException {
    stand = new StandIn();
  }

  @AfterEach
  void close() {
    stand.close();
    http.close();
  }

  @Test
  void seriesAreKeptOnTheEnginesClockAndWithoutWhatIsNoNumber() {
    // Prometheus's clock is 2 s ahead
    stand.answering(
        "/api/v1/query",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":["
            + T.plusSeconds(102).getEpochSecond()
            + ",\"0\"]}}");
    stand.answering(
        "/api/v1/query_range",
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":"
            + "{\"node\":\"n1\"},\"values\":[["
            + T.plusSeconds(2).getEpochSecond()
            + ",\"1\"],["
            + T.plusSeconds(7).getEpochSecond()
            + ",\"NaN\"]]}]}}");
    try (SeriesObserver observer =
        new SeriesObserver(
            new Prometheus(new DirectJson(http, stand.uri(), null)), "s", folder, () -> now)) {
      observer.begin();
      now = T.plusSeconds(100);
      observer.end();
    }
    SeriesFile kept = SeriesFile.read(folder).orElseThrow();
    assertThat(kept.from()).isEqualTo(T);
    assertThat(kept.series().stream().map(SeriesFile.Line::name))
        .containsExactlyElementsOf(
            MeasuredSeries.ALL.stream()
                .filter(series -> series.question("s").isPresent())
                .map(MeasuredSeries::name)
                .toList());
    assertThat(kept.series().getFirst())
        .isEqualTo(
            new SeriesFile.Line(
                "node_ready",
                Map.of("node", "n1"),
                List.of(new SeriesFile.Point(T.getEpochSecond(), 1))));
    assertThat(stand.asked())
        .anyMatch(a -> a.contains("max by (pod) (vllm:kv_cache_usage_perc{namespace=\"s\"})"))
        .anyMatch(a ->
            a.contains("start=" + T.plusSeconds(2).getEpochSecond() + ".000")
                && a.contains("step=5s"));
  }

  @Test
  void withoutPrometheusThereIsNoFile() {
    try (SeriesObserver observer =
        new SeriesObserver(
            new Prometheus(new DirectJson(http, stand.uri(), null)), "s", folder, () -> now)) {
      observer.begin();
      stand.close();
      assertThatThrownBy(observer::end).isInstanceOf(ObservationException.class);
    }
    assertThat(SeriesFile.read(folder)).isEmpty();
  }

  @Test
  void longRunsGetLongerSteps() {
    assertThat(SeriesObserver.step(Duration.ofMinutes(5))).isEqualTo(Duration.ofSeconds(5));
    assertThat(SeriesObserver.step(Duration.ofHours(5))).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void phasesAndFaultsAreAnnotationsWithBeginningAndEnd() {
    var annotations =
        GrafanaObserver.annotations(
            "d",
            List.of(
                new Event.PhaseStarted(at(0), "baseline"),
                new Event.PhaseEnded(at(10), "baseline", null),
                new Event.FaultInjected(at(10), "f", "NodeShutdown", ObjectRef.Victim.parse("n1")),
                new Event.FaultReverted(at(30), "f", Map.of())));
    assertThat(annotations).hasSize(2);
    assertThat(annotations.getFirst().toString())
        .isEqualTo(
            "{\"time\":%d,\"timeEnd\":%d,\"text\":\"baseline\",\"tags\":[\"muster\",\"d\",\"phase\"]}"
                .formatted(T.toEpochMilli(), T.plusSeconds(10).toEpochMilli()));
    assertThat(annotations.getLast().path("timeEnd").asLong())
        .isEqualTo(T.plusSeconds(30).toEpochMilli());
  }

  @Test
  void aGrafanaThatRefusesIsSaid() throws IOException {
    stand.answering("/api/annotations", "{\"message\":\"Unauthorized\"}").status(401);
    try (var journal = dev.muster.timeline.file.Journal.open(folder)) {
      journal.append(new Event.PhaseStarted(at(0), "baseline"));
      journal.append(new Event.PhaseEnded(at(10), "baseline", null));
    }
    try (GrafanaObserver observer =
        new GrafanaObserver(new DirectJson(http, stand.uri(), "sesame"), folder, drill())) {
      assertThatThrownBy(observer::end)
          .isInstanceOf(ObservationException.class)
          .hasMessageContaining("HTTP 401")
          .hasMessageContaining("Unauthorized");
    }
    assertThat(stand.asked()).singleElement().asString().startsWith("POST /api/annotations");
  }

  private static Drill drill() {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s}
        faults: [{kind: PodKill}]
        expect: {residue: none}
        """,
        "d.yaml");
  }

  private static Stamp at(long second) {
    return Stamp.engine(T.plusSeconds(second));
  }
}
