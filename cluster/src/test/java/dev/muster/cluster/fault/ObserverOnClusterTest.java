package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.port.Observer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a drill needs to watch the service, and what they must be allowed. */
@EnableKubernetesMockClient
class ObserverOnClusterTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @TempDir Path folder;

  /** Grafana is the last, for it tells of all that was written. */
  @Test
  void aDrillThatAsksForAllGetsAllInOrder() {
    assertThat(
            observers(
                "monitor: {chart: c, release: m, namespace: watch}",
                "observe: {grafana: 'http://g', accessLog: {namespace: edge, labels: {app:"
                    + " envoy}}}",
                "load: {arrivals: {constant: 1/s}}",
                "expect: {caches: {agreeWithin: 9s}, consistency: {etcd: equal}, reconciled:"
                    + " {unexplained: 0}, sql: [{url: 'jdbc:a:b', query: q, equals: 1}]}"))
        .containsExactly(
            "prometheus",
            "series",
            "access log",
            "caches",
            "etcd",
            "usage records",
            "elasticsearch",
            "jdbc:a:b",
            "grafana");
  }

  @Test
  void aDrillThatAsksForNothingGetsNobodyAndNeedsNoRightForThem() {
    String nothing = "expect: {residue: none}";
    assertThat(observers(nothing)).isEmpty();
    assertThat(rights(nothing)).isEmpty();
  }

  @Test
  void logsAreCountedAndWritesComparedWhereOnlyTheseAreExpected() {
    assertThat(observers("expect: {logs: [{query: q, max: 0}]}")).containsExactly("elasticsearch");
    assertThat(observers("expect: {consistency: {acknowledgedWrites: kept}}"))
        .containsExactly("usage records");
  }

  @Test
  void answersThatNameTheirPodsNeedNoAccessLog() {
    String residue = "expect: {residue: none}";
    assertThat(observers("load: {arrivals: {constant: 1/s}}", residue)).isEmpty();
    assertThat(observers("load: {arrivals: {constant: 1/s}, request: {preset: openai}}", residue))
        .containsExactly("access log");
  }

  /** Behind the API server's proxy each by its own name; a URL needs no right. */
  @Test
  void whatIsAskedIsAllowed() {
    assertThat(
            rights(
                "monitor: {chart: c, release: m, namespace: watch}",
                "observe: {grafana: service/g/grafana:3000, prometheus: 'http://p'}",
                "expect: {consistency: {etcd: equal}}"))
        .containsExactlyInAnyOrder(
            "get services/proxy alertmanager:9093 in namespace watch",
            "get pods/log in namespace watch",
            "get services/proxy opensearch:9200 in namespace watch",
            "create services/proxy opensearch:9200 in namespace watch",
            "get services/proxy grafana:3000 in namespace g",
            "create services/proxy grafana:3000 in namespace g",
            "create pods/proxy in namespace s");
    assertThat(
            rights(
                "observe: {accessLog: {namespace: edge, labels: {app: envoy}}}",
                "expect: {residue: none}"))
        .containsExactly("get pods/log in namespace edge");
  }

  private List<String> observers(String... lines) {
    var run =
        new ObserverOnCluster.Run(
            drill(lines), client, folder, folder, Map.of(), Clock.systemUTC(), _ -> {});
    return ObserverOnCluster.all().stream()
        .<Observer>flatMap(on -> on.of(run))
        .map(Observer::name)
        .toList();
  }

  private static List<String> rights(String... lines) {
    return ObserverOnCluster.all().stream()
        .flatMap(on -> on.rights(drill(lines)).stream())
        .map(Right::toString)
        .distinct()
        .toList();
  }

  private static Drill drill(String... lines) {
    return DrillFile.parseKept(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, endpoint: 'http://llm.example'}
        faults: [{kind: PodKill}]
        """
            + String.join("\n", lines),
        "d.yaml");
  }
}
