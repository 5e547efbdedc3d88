package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The same small fault, told by alerts of charts/monitoring as it is and as it is broken. */
@Tag("monitoring")
class AlertVerdictsTest {
  private static final String LAB = "alerts";

  @TempDir static Path home;
  private static Muster muster;

  @BeforeAll
  static void up() {
    muster = new Muster(home);
    Muster.Ended up = muster.run(Duration.ofMinutes(3), "lab", "up", "--name", LAB, "--nodes", "3");
    assertThat(up.exit()).as(up.output()).isZero();
  }

  @AfterAll
  static void down() {
    muster.run(Duration.ofMinutes(1), "lab", "down", "--name", LAB);
  }

  /** Another victim each time: what still fires from before would prove nothing. */
  @Test
  void whoIsToldAndWhoIsNotMakesTheVerdict() throws IOException {
    JsonNode told = alerts("worker", "{}");
    assertThat(told.path("status").asString()).as(told.toString()).isEqualTo("pass");
    assertThat(told.path("why").asString()).contains("somebody was told");
    JsonNode row = muster.report().path("alerts").get(0);
    assertThat(row.path("name").asString()).isEqualTo("ContainerRestarted");
    assertThat(told.path("evidence").toString())
        .as("Alertmanager's time is Prometheus's")
        .contains("Alertmanager: startsAt " + Instant.parse(row.path("fired").asString()));
    assertThat(muster.newestRun().resolve("series.json")).exists();

    JsonNode nowhere =
        alerts(
            "api",
            "{alertmanager: {config: {route: {receiver: nowhere}, receivers: [{name: nowhere}]}}}");
    assertThat(nowhere.path("status").asString()).as(nowhere.toString()).isEqualTo("fail");
    assertThat(nowhere.path("why").asString()).contains("sends it to [nowhere]");

    JsonNode stopped = alerts("etcd", "{alertmanager: {enabled: false}}");
    assertThat(stopped.path("status").asString()).as(stopped.toString()).isEqualTo("fail");
    assertThat(stopped.path("why").asString()).contains("Alertmanager could not be asked");

    JsonNode blind = alerts("worker", "{prometheus: {enabled: false}}");
    assertThat(blind.path("status").asString()).as(blind.toString()).isEqualTo("inconclusive");
    assertThat(blind.path("why").asString()).contains("Prometheus could not be asked");
  }

  private static JsonNode alerts(String component, String values) throws IOException {
    Path drill =
        Files.writeString(
            home.resolve("told.yaml"),
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: told}
            monitor: {chart: charts/monitoring, release: monitoring, namespace: monitoring, values: %s}
            deploy: {chart: charts/deepseek, release: deepseek, namespace: deepseek}
            target: {namespace: deepseek, selector: {labelSelectors: {app.kubernetes.io/component: %s}}}
            faults: [{hold: 15s}, {kind: ProcessKill}]
            expect: {alerts: [{name: ContainerRestarted, firesWithin: 1m, notifiedWithin: 1m}]}
            """
                .formatted(values, component));
    Muster.Ended ended = muster.run(Duration.ofMinutes(8), "run", drill.toString(), "--lab", LAB);
    assertThat(muster.runs()).as(ended.output()).isNotEmpty();
    return Muster.finding(muster.report(), "alerts");
  }
}
