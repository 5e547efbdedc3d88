package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.MonitoringEndpoints.Service;
import dev.muster.drill.MonitoringEndpoints.Url;
import dev.muster.drill.file.DrillFile;
import java.net.URI;
import org.junit.jupiter.api.Test;

class MonitoringEndpointsTest {
  private static final String MONITOR =
      "monitor: {chart: charts/monitoring, release: m, namespace: watch}\n";

  @Test
  void aDrillThatNamesNobodyIsWatchedByNobody() {
    MonitoringEndpoints nobody = watchers("");
    assertThat(nobody.prometheus()).isEmpty();
    assertThat(nobody.alertmanager()).isEmpty();
    assertThat(nobody.elasticsearch()).isEmpty();
    assertThat(nobody.grafana()).isEmpty();
    assertThat(nobody.receiver()).isEmpty();
  }

  @Test
  void theChartOfMonitorHasItsServicesByFixedNames() {
    MonitoringEndpoints chart = watchers(MONITOR);
    assertThat(chart.prometheus()).contains(new Service("watch", "prometheus", 9090));
    assertThat(chart.alertmanager()).contains(new Service("watch", "alertmanager", 9093));
    assertThat(chart.elasticsearch()).contains(new Service("watch", "opensearch", 9200));
    assertThat(chart.grafana()).isEmpty();
    assertThat(chart.receiver()).contains("watch");
  }

  @Test
  void whatIsObservedExplicitlyWinsOverTheChart() {
    MonitoringEndpoints mixed =
        watchers(
            MONITOR
                + "observe: {prometheus: 'https://prom.example/base/', alertmanager:"
                + " service/other/am:9094}\n");
    assertThat(mixed.prometheus()).contains(new Url(URI.create("https://prom.example/base")));
    assertThat(mixed.alertmanager()).contains(new Service("other", "am", 9094));
    assertThat(mixed.elasticsearch()).contains(new Service("watch", "opensearch", 9200));
    assertThat(mixed.receiver()).contains("other");
    assertThat(mixed.alertmanager().orElseThrow()).hasToString("service/other/am:9094");
  }

  private static MonitoringEndpoints watchers(String lines) {
    return MonitoringEndpoints.of(
        DrillFile.parse(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: s}
            faults: [{kind: PodKill}]
            expect: {residue: none}
            """
                + lines,
            "d.yaml"));
  }
}
