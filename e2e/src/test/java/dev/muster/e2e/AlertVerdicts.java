package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * The same small fault, with charts/monitoring broken in three ways: somebody who is not told, or
 * whom nobody could have asked, makes the verdict. Another victim each time: what still fires from
 * before would prove nothing.
 */
record AlertVerdicts(Muster muster, Path home) {
  private static final String NOWHERE =
      "{alertmanager: {config: {route: {receiver: nowhere}, receivers: [{name: nowhere}]}}}";

  void routedToNowhereIsFail() throws IOException {
    JsonNode finding = alerts("api", NOWHERE);
    assertThat(finding.path("status").asString()).as(finding.toString()).isEqualTo("fail");
    assertThat(finding.path("why").asString()).contains("sends it to [nowhere]");
  }

  void alertmanagerStoppedIsFail() throws IOException {
    JsonNode finding = alerts("etcd", "{alertmanager: {enabled: false}}");
    assertThat(finding.path("status").asString()).as(finding.toString()).isEqualTo("fail");
    assertThat(finding.path("why").asString()).contains("Alertmanager could not be asked");
  }

  void prometheusStoppedIsInconclusive() throws IOException {
    JsonNode finding = alerts("worker", "{prometheus: {enabled: false}}");
    assertThat(finding.path("status").asString()).as(finding.toString()).isEqualTo("inconclusive");
    assertThat(finding.path("why").asString()).contains("Prometheus could not be asked");
  }

  /** Before the fault is a hold: a Prometheus that has just begun knows of no count that grew. */
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
    assertThat(muster.runs()).as(ended.endFirst()).isNotEmpty();
    return Muster.finding(muster.report(), "alerts");
  }
}
