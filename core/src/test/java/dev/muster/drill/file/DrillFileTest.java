package dev.muster.drill.file;

import static dev.muster.drill.file.SmallDrill.SMALL;
import static dev.muster.drill.file.SmallDrill.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.abort.Alert;
import dev.muster.drill.abort.Comparison;
import dev.muster.drill.abort.ErrorRatio;
import dev.muster.drill.abort.Promql;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.observer.Alertmanager;
import dev.muster.drill.observer.Elasticsearch;
import dev.muster.drill.observer.Place;
import dev.muster.drill.observer.Prometheus;
import dev.muster.source.Problem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a drill says is what is read, and what it leaves out is filled in. */
class DrillFileTest {
  @Test
  void fillsInWhatASmallDrillLeavesOut() {
    var drill = DrillFile.parse(SMALL, "small.yaml");

    assertThat(drill.metadata().title()).isEqualTo(Map.of("en", "small"));
    assertThat(drill.lab()).isEqualTo(new Drill.Lab("1.37.2", 4, List.of("a", "b", "c"), Map.of()));
    assertThat(drill.deploy()).isNull();
    assertThat(drill.target())
        .isEqualTo(
            new Drill.Target("llm", Map.of("app.kubernetes.io/component", "worker"), "ingress"));
    var load = Objects.requireNonNull(drill.load());
    assertThat(load.arrivals()).isEqualTo(Arrivals.constant(5));
    assertThat(load.stream()).isTrue();
    assertThat(drill.faults())
        .containsExactly(
            new Fault(
                new NodeShutdown(false),
                Mode.ONE,
                Selector.EMPTY,
                Duration.ofSeconds(90),
                Duration.ofMinutes(90),
                Duration.ZERO,
                1,
                Duration.ZERO,
                false,
                "/faults/0"));
    assertThat(drill.protect())
        .isEqualTo(new Drill.Protect(List.of(), List.of("kube-system"), true));
    assertThat(drill.expect()).isEqualTo(new Drill.Expect(Map.of("residue", true)));
  }

  @Test
  void whatOnlyHoldsDisturbsNothing() {
    var fault = "{kind: NodeShutdown, duration: 90s, ttl: 1h30m}";
    assertThat(problems(SMALL.replace(fault, "{parallel: [{hold: 10s}, {serial: [{hold: 5s}]}]}")))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("holds only", "nothing would be disturbed");
    assertThat(DrillFile.parse(SMALL.replace(fault, "{hold: 9s}\n  - " + fault), "d.yaml").faults())
        .hasSize(1);
  }

  @Test
  void aFileOfChaosMeshIsReadAsTheDrillThatItBecomes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("chaos.yaml");
    Files.writeString(
        file,
        """
        apiVersion: chaos-mesh.org/v1alpha1
        kind: PodChaos
        metadata: {name: kill, namespace: llm}
        spec: {action: pod-kill, mode: one, selector: {labelSelectors: {app: model}}}
        """);

    assertThat(DrillFile.read(file))
        .isEqualTo(DrillFile.parse(DrillSource.of(file).text(), "drill.yaml"));
    assertThat(DrillFile.read(file).faults().getFirst().kind())
        .isEqualTo(new PodKill(Duration.ZERO, null));
    assertThat(DrillSource.of(file).problem("/faults/0/selector", "nobody").file())
        .endsWith("chaos.yaml (converted)");

    Files.writeString(file, Files.readString(file).replace("pod-kill", "pod-failure"));
    assertThat(catchThrowableOfType(DrillException.class, () -> DrillFile.read(file)).problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).startsWith(file + ":4:16: "));
  }

  @Test
  void readsEveryExpectation() {
    var expect =
        DrillFile.parse(
                SMALL.replace(
                    "expect: {residue: none}",
                    """
                    expect:
                      detected: {within: 60s}
                      replacedPods: {within: 2m}
                      interruption: {max: 3m}
                      availability: {min: 99.5%}
                      lostRequests: {max: 7}
                      recovered: {within: 4m}
                      alerts: [{name: NodeNotReady, firesWithin: 2m, notifiedWithin: 150s}]
                      logs: [{query: 'level:ERROR', max: 0}]
                      reconciled: {unexplained: 0}
                      consistency: {etcd: equal, acknowledgedWrites: kept}
                      caches: {agreeWithin: 20s}
                      sql: [{url: 'jdbc:sqlite:a.db', query: select 3, equals: 3}]
                      refusedRequests: {max: 5}
                      unreachableRequests: {max: 6}
                      latency: {ttft: {p50: 500ms, p99: 2s}, gap: {max: 5s}}
                    monitor: {chart: charts/monitoring, release: m, namespace: monitoring}
                    """),
                "all.yaml")
            .expect();

    assertThat(expect.asked())
        .containsOnly(
            entry("detected/within", Duration.ofSeconds(60)),
            entry("replacedPods/within", Duration.ofMinutes(2)),
            entry("interruption/max", Duration.ofMinutes(3)),
            entry("availability/min", 99.5),
            entry("lostRequests/max", 7L),
            entry("recovered/within", Duration.ofMinutes(4)),
            entry(
                "alerts",
                List.of(
                    new Drill.Alert(
                        "NodeNotReady", Duration.ofMinutes(2), null, Duration.ofSeconds(150)))),
            entry("logs", List.of(new Drill.Logs("level:ERROR", null, 0L))),
            entry("reconciled/unexplained", 0L),
            entry("consistency/etcd", true),
            entry("consistency/acknowledgedWrites", true),
            entry("caches/agreeWithin", Duration.ofSeconds(20)),
            entry("sql", List.of(new Drill.Sql("jdbc:sqlite:a.db", "select 3", "3"))),
            entry("refusedRequests/max", 5L),
            entry("unreachableRequests/max", 6L),
            entry(
                "latency",
                new Drill.Latency(
                    List.of(
                        new Drill.Quantile("p50", Duration.ofMillis(500)),
                        new Drill.Quantile("p99", Duration.ofSeconds(2))),
                    List.of(new Drill.Quantile("max", Duration.ofSeconds(5))))));
  }

  @Test
  void readsWhereWatchersAreAndWhatInstallsThem() {
    var drill =
        DrillFile.parse(
            SMALL
                + """
                monitor: {chart: charts/monitoring, release: m, namespace: monitoring}
                observe: {prometheus: 'http://p:9090', alertmanager: service/mon/alertmanager:9093}
                """,
            "watched.yaml");

    assertThat(drill.monitor())
        .isEqualTo(new Drill.Deploy("charts/monitoring", "m", "monitoring", Map.of()));
    assertThat(drill.observe())
        .containsExactly(
            new Prometheus(new Place.Url(URI.create("http://p:9090"))),
            new Alertmanager(new Place.Service("mon", "alertmanager", 9093), Optional.of("mon")),
            new Elasticsearch(new Place.Service("monitoring", "opensearch", 9200)));
  }

  @Test
  void keepsTheVersionAndFlagsAsTheyWereWritten() {
    var drill =
        DrillFile.parse(
            SMALL + "lab: {kubernetes: 1.30, settings: {kubelet: {v: 2, fail-swap-on: false}}}\n",
            "lab.yaml");

    assertThat(drill.lab().kubernetes()).isEqualTo("1.30");
    assertThat(drill.lab().settings())
        .isEqualTo(Map.of("kubelet", Map.of("v", "2", "fail-swap-on", "false")));
  }

  @Test
  void readsANamedVictimAndPowerCommands() {
    var drill =
        DrillFile.parse(
            SMALL.replace("duration: 90s", "selector: {nodes: [n2]}, duration: 90s")
                + "power: {off: [cut, '{{node}}'], on: [feed, 'id={{node}}'], state: [ask,"
                + " '{{node}}']}\n"
                + "abortWhen: [{probe: error-ratio, comparator: {criteria: '>', value: 0.9}, for:"
                + " 10s}]\n",
            "power.yaml");

    assertThat(drill.faults().getFirst().selector().nodes()).containsExactly("n2");
    assertThat(drill.power())
        .isEqualTo(
            new Drill.PowerHook(
                List.of("cut", "{{node}}"),
                List.of("feed", "id={{node}}"),
                List.of("ask", "{{node}}")));
    assertThat(drill.abortWhen())
        .containsExactly(
            new AbortRule(
                new ErrorRatio(new Comparison(">", 0.9)),
                AbortRule.When.CONTINUOUS,
                Duration.ofSeconds(10)));
  }

  @Test
  void readsAbortRulesThatAskPrometheusInLitmusWords() {
    var drill =
        DrillFile.parse(
            SMALL
                + "observe: {prometheus: 'http://prom:9090'}\n"
                + "abortWhen:\n"
                + "  - {probe: promql, query: 'sum(up)', comparator: {criteria: '<', value: 2},"
                + " mode: OnChaos, for: 5s}\n"
                + "  - {probe: alert, name: EtcdMemberLost, mode: Edge}\n"
                + "  - {probe: alert, name: Slow, state: pending}\n",
            "d.yaml");
    assertThat(drill.abortWhen())
        .containsExactly(
            new AbortRule(
                new Promql("sum(up)", new Comparison("<", 2)),
                AbortRule.When.ON_CHAOS,
                Duration.ofSeconds(5)),
            new AbortRule(
                new Alert("EtcdMemberLost", "firing"), AbortRule.When.EDGE, Duration.ofSeconds(60)),
            new AbortRule(
                new Alert("Slow", "pending"), AbortRule.When.CONTINUOUS, Duration.ofSeconds(60)));
  }

  @Test
  void readyDrillsAreValid() {
    var drill = DrillFile.read(Path.of("..", "drills", "node-shutdown.yaml"));

    assertThat(drill.faults().getFirst().ttl()).isEqualTo(Duration.ofMinutes(4));
    assertThat(drill.expect().asked()).containsEntry("availability/min", 95.0);
  }
}
