package dev.muster.drill.observer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.observer.Place.Service;
import dev.muster.drill.observer.Place.Url;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WatcherTest {
  private static final String MONITOR =
      "monitor: {chart: charts/monitoring, release: m, namespace: watch}\n";

  @Test
  void aDrillThatNamesNobodyIsWatchedByNobody() {
    assertThat(drill("").observe()).isEmpty();
  }

  @Test
  void theChartOfMonitorHasItsServicesByFixedNames() {
    assertThat(drill(MONITOR).observe())
        .containsExactly(
            new Prometheus(new Service("watch", "prometheus", 9090)),
            new Alertmanager(new Service("watch", "alertmanager", 9093), Optional.of("watch")),
            new Elasticsearch(new Service("watch", "opensearch", 9200)));
  }

  @Test
  void whatIsObservedExplicitlyWinsOverTheChart() {
    Drill mixed =
        drill(
            MONITOR
                + "observe: {prometheus: 'https://prom.example/base/', alertmanager:"
                + " service/other/am:9094}\n");
    assertThat(mixed.watcher(Prometheus.class))
        .contains(new Prometheus(new Url(URI.create("https://prom.example/base"))));
    Alertmanager alertmanager = mixed.watcher(Alertmanager.class).orElseThrow();
    assertThat(alertmanager.place()).isEqualTo(new Service("other", "am", 9094));
    assertThat(alertmanager.place()).hasToString("service/other/am:9094");
    assertThat(alertmanager.receiver()).contains("other");
    assertThat(mixed.watcher(Elasticsearch.class))
        .contains(new Elasticsearch(new Service("watch", "opensearch", 9200)));
  }

  @Test
  void anAlertmanagerThatIsNoServiceNotifiesTheReceiverOfTheChart() {
    String url = "observe: {alertmanager: 'https://am.example'}\n";
    assertThat(drill(MONITOR + url).watcher(Alertmanager.class).orElseThrow().receiver())
        .contains("watch");
    assertThat(drill(url).watcher(Alertmanager.class).orElseThrow().receiver()).isEmpty();
  }

  @Test
  void anAccessLogIsThatOfAllContainersUnlessOneIsNamed() {
    String log = "observe: {accessLog: {namespace: edge, labels: {app: envoy}%s}}\n";
    assertThat(drill(log.formatted("")).observe())
        .containsExactly(new AccessLog("edge", Map.of("app", "envoy"), null));
    assertThat(drill(log.formatted(", container: shutdown")).observe())
        .containsExactly(new AccessLog("edge", Map.of("app", "envoy"), "shutdown"));
  }

  private static Drill drill(String lines) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s}
        faults: [{kind: PodKill}]
        expect: {residue: none}
        """
            + lines,
        "d.yaml");
  }
}
