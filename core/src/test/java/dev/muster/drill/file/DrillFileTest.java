package dev.muster.drill.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.kind.PodKill;
import dev.muster.source.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillFileTest {
  private static final String SMALL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: small}
      target: {namespace: llm, selector: {labelSelectors: {app.kubernetes.io/component: worker}}}
      load: {arrivals: {constant: 5/s}}
      faults:
        - {kind: NodeShutdown, duration: 90s, ttl: 1h30m}
      expect: {residue: none}
      """;

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
    assertThat(drill.expect().residueNone()).isTrue();
    assertThat(drill.expect().detectedWithin()).isNull();
  }

  @Test
  void aFolderIsNoDrill(@TempDir Path folder) {
    assertThat(catchThrowableOfType(DrillException.class, () -> DrillFile.read(folder)))
        .hasMessage(folder + ": is a folder, a drill is a file; ready drills are in drills/");
  }

  @Test
  void aWordIsNoDrill() {
    assertThat(problems("hello\n"))
        .containsExactly(
            new Problem(
                "d.yaml",
                1,
                1,
                "a drill is a mapping that begins with apiVersion, kind …, not \"hello\""));
  }

  @Test
  void aDocumentOfBlanksIsNoDrill() {
    for (var text : List.of("\"\\n\"\n", "\"\n\"", "' '", "[' ']\n", "' ': ' '\n")) {
      assertThat(problems(text)).as(text).isNotEmpty().allMatch(problem -> problem.line() > 0);
    }
  }

  @Test
  void aWrongRateIsToldOnce() {
    assertThat(problems(SMALL.replace("5/s", "-5/s")))
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo(
            "load.arrivals.constant: \"-5/s\" is not a rate such as 10/s, a ramp {from: 1/s, to: 10/s, over: 2m}, or a list of steps {rate: 10/s, for: 1m}");
    assertThat(problems(SMALL.replace("5/s", "0/s"))).hasSize(1);
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

    assertThat(expect)
        .isEqualTo(
            new Drill.Expect(
                Duration.ofSeconds(60),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                99.5,
                7L,
                Duration.ofMinutes(4),
                List.of(
                    new Drill.Alert(
                        "NodeNotReady", Duration.ofMinutes(2), null, Duration.ofSeconds(150))),
                List.of(new Drill.Logs("level:ERROR", null, 0L)),
                0L,
                new Drill.Consistency(true, true),
                Duration.ofSeconds(20),
                List.of(new Drill.Sql("jdbc:sqlite:a.db", "select 3", "3")),
                false,
                5L,
                6L,
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
        .isEqualTo(
            new Drill.Observe("http://p:9090", "service/mon/alertmanager:9093", null, null, null));
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
                new AbortRule.ErrorRatio(new AbortRule.Comparison(">", 0.9)),
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
                new AbortRule.Promql("sum(up)", new AbortRule.Comparison("<", 2)),
                AbortRule.When.ON_CHAOS,
                Duration.ofSeconds(5)),
            new AbortRule(
                new AbortRule.Alert("EtcdMemberLost", "firing"),
                AbortRule.When.EDGE,
                Duration.ofSeconds(60)),
            new AbortRule(
                new AbortRule.Alert("Slow", "pending"),
                AbortRule.When.CONTINUOUS,
                Duration.ofSeconds(60)));
  }

  @Test
  void anAbortRuleThatCanNotBeLookedAtIsRefused() {
    refuses(
        SMALL + "abortWhen: [{probe: alert, name: A}]\n",
        "d.yaml:9:13: probe alert needs a Prometheus: monitor, or observe.prometheus");
    refuses(
        SMALL
            + "observe: {prometheus: 'http://p'}\n"
            + "abortWhen: [{probe: promql, query: up, state: firing}]\n",
        "d.yaml:10:13: probe promql lacks \"comparator\"",
        "d.yaml:10:47: probe promql takes no \"state\"");
    refuses(
        SMALL
            + "observe: {prometheus: 'http://p'}\n"
            + "abortWhen: [{probe: alert, name: A, mode: EOT, for: 5s}]\n",
        "d.yaml:10:53: a probe in mode EOT is looked at once: nothing lasts");
  }

  @Test
  void anUnknownFieldIsRefusedAtItsPlaceWithTheNearestKnownName() {
    refuses(
        SMALL.replace("residue: none", "residue: none, intreruption: {max: 3m}"),
        "d.yaml:8:25: unknown field \"intreruption\" in expect; did you mean \"interruption\"?");
    refuses(
        SMALL.replace("kind: NodeShutdown,", "kind: NodeShutdown, colour: red,"),
        "d.yaml:7:26: unknown field \"colour\" in faults[0]; known: hold, parallel, serial, kind,"
            + " mode, value, selector, duration, ttl, after, every, times, action, peers,"
            + " cidrs, direction, peerSelector, load, workers, in, containers, follow, size,"
            + " until, gracePeriod, latency, jitter, loss,"
            + " failure, factor, afterTokens, tokenSecret, port");
    refuses(
        SMALL.replace("load:", "laod:"),
        "d.yaml:5:1: unknown field \"laod\" in a drill; did you mean \"load\"?");
  }

  @Test
  void aFaultNeedsATtlThatOutlastsIt() {
    refuses(
        SMALL.replace(", ttl: 1h30m", ""),
        "d.yaml:7:5: faults[0] lacks \"ttl\", which NodeShutdown needs");
    refuses(
        SMALL.replace("ttl: 1h30m", "ttl: 1m"),
        "d.yaml:7:46: ttl 1m is shorter than duration 1m30s: the fault would be undone before it"
            + " has lasted; make ttl at least 1m30s");
  }

  @Test
  void aValueOfTheWrongFormIsRefusedWithTheRightForm() {
    refuses(
        SMALL.replace("90s", "90 seconds"),
        "d.yaml:7:36: faults[0].duration: \"90 seconds\" is not a duration such as 90s, 6m or"
            + " 1h30m, at most 9999h");
    refuses(
        SMALL.replace("90s", "90"),
        "d.yaml:7:36: faults[0].duration must be a duration such as 90s, 6m or 1h30m, at most"
            + " 9999h, not \"90\"");
    refuses(
        SMALL.replace("5/s", "5"),
        "d.yaml:5:29: load.arrivals.constant must be a rate such as 10/s, a ramp {from: 1/s, to: 10/s, over: 2m}, or a list of steps {rate: 10/s, for: 1m}, not \"5\"");
    refuses(
        SMALL.replace("{constant: 5/s}", "{constant: 5/s, poisson: 1/s}"),
        "d.yaml:5:18: load.arrivals takes only one of its kind; known: poisson, constant, trace");
    refuses(
        SMALL.replace("residue: none", "availability: {min: 101%}"),
        "d.yaml:8:30: availability can not exceed 100%");
    refuses(
        SMALL.replace("residue: none", "latency: {ttft: {p50: 3s, p99: 2s}}"),
        "d.yaml:8:32: p50 is never above what a higher quantile is: its bound must not be either");
    refuses(
        SMALL.replace("residue: none", "latency: {gap: {max: 0s}}"),
        "d.yaml:8:31: no client gets a token in 0s: a bound must be above it");
    refuses(
        SMALL.replace("NodeShutdown", "NodeShutDwon"),
        "d.yaml:7:12: faults[0].kind can not be \"NodeShutDwon\"; did you mean \"NodeShutdown\"?");
    refuses(
        SMALL.replace("muster.dev/v1", "muster.dev/v2"),
        "d.yaml:1:13: apiVersion can not be \"muster.dev/v2\"; it must be \"muster.dev/v1\"");
  }

  @Test
  void aPowerCommandSaysWhichNode() {
    refuses(
        SMALL + "power: {off: ['true'], on: [x, '{{node}}'], state: [x, '{{node}}']}\n",
        "d.yaml:9:14: power.off does not say which node: one of its words must contain {{node}}");
  }

  @Test
  void textThatIsNoYamlIsRefusedWhereItBreaks() {
    assertThat(problems("kind: [Drill\nmetadata: {}\n").getFirst())
        .satisfies(p -> assertThat(p.line()).isEqualTo(2))
        .satisfies(p -> assertThat(p.message()).startsWith("not readable as YAML: "));
    refuses("", "d.yaml:1:1: the file is empty; a drill was expected");
    refuses(SMALL + "kind: Drill\n", "d.yaml:9:1: field \"kind\" stands here a second time");
  }

  @Test
  void allProblemsAreToldAtOnceAndInOrder() {
    assertThat(
            problems(
                SMALL
                    .replace("name: small", "name: Small")
                    .replace("5/s", "fast")
                    .replace("ttl: 1h30m", "tll: 1h30m")))
        .extracting(Problem::line)
        .containsExactly(3, 5, 7, 7); // of the last two: ttl is missing, and tll unknown
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeMissing() {
    var refusal =
        catchThrowableOfType(
            DrillException.class, () -> DrillFile.read(Path.of("no", "such.yaml")));
    assertThat(refusal).hasMessage("no/such.yaml: no such file; ready drills are in drills/");
  }

  @Test
  void readyDrillsAreValid() {
    var drill = DrillFile.read(Path.of("..", "drills", "node-shutdown.yaml"));

    assertThat(drill.faults().getFirst().ttl()).isEqualTo(Duration.ofMinutes(4));
    assertThat(drill.expect().availabilityMin()).isEqualTo(95.0);
  }

  private static void refuses(String text, String... messages) {
    assertThat(problems(text)).extracting(Problem::toString).containsExactly(messages);
  }

  private static List<Problem> problems(String text) {
    return catchThrowableOfType(DrillException.class, () -> DrillFile.parse(text, "d.yaml"))
        .problems();
  }

  @Test
  void aListOfDrillsIsToldAsOne() {
    var text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: muster.dev/v1, kind: Drill}\n";
    assertThatThrownBy(() -> DrillFile.parse(text, "d.yaml"))
        .isInstanceOfSatisfying(DrillException.class, e -> assertThat(e.problems()).hasSize(1))
        .hasMessageContaining("d.yaml:2:7: a List of objects; a drill file is one drill");
  }
}
