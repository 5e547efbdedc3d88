package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** The same small fault, watched by charts/monitoring with one part of it broken. */
record AlertVerdicts(Muster muster, Path home) {

  /** Another victim each time: what still fires from before would prove nothing. */
  void areWhatWasBroken() throws IOException {
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

  /** A Prometheus that has only just begun knows of no restart: it wants a count from before it. */
  private JsonNode alerts(String component, String values) throws IOException {
    Path drill =
        Files.writeString(
            home.resolve("told.yaml"),
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: told}
            monitor: {chart: charts/monitoring, release: monitoring, namespace: monitoring, values: %s}
            target: {namespace: deepseek, selector: {labelSelectors: {app.kubernetes.io/component: %s}}}
            faults: [{hold: 15s}, {kind: ProcessKill}]
            expect: {alerts: [{name: ContainerRestarted, firesWithin: 1m, notifiedWithin: 1m}]}
            """
                .formatted(values, component));
    Muster.Ended ended =
        muster.run(Duration.ofMinutes(5), "run", drill.toString(), "--lab", WatchedLab.NAME);
    assertThat(muster.runs()).as(ended.output()).isNotEmpty();
    return Muster.finding(muster.report(), "alerts");
  }
}
