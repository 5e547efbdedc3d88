package dev.muster.drill.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.source.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said and makes no sense is refused where it stands. */
class PlausibilityRulesTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: llm, endpoint: 'http://llm.example.com/v1'}
      MORE
      faults: [{FAULT}]
      expect: {EXPECT}
      """;

  private static final String NODE = "kind: NodeShutdown, duration: 90s, ttl: 3m";
  private static final String LOAD = "load: {arrivals: {constant: 5/s}}";
  private static final String MONITOR = "monitor: {chart: c, release: r, namespace: n}";

  private static String drill(String fault, String expect, String more) {
    return DRILL.replace("FAULT", fault).replace("EXPECT", expect).replace("MORE", more);
  }

  private static List<Problem> problems(String text) {
    var refused = catchThrowableOfType(DrillException.class, () -> DrillFile.parse(text, "d.yaml"));
    assertThat(refused).as(text).isNotNull();
    return refused.problems();
  }

  private static void refused(String text, int line, String why) {
    assertThat(problems(text))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).contains(why);
          assertThat(problem.line()).isEqualTo(line);
          assertThat(problem.column()).isPositive();
        });
    // it may have been run by a Muster that let it pass
    assertThatCode(() -> DrillFile.parseKept(text, "d.yaml")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          alerts: []                                       | alerts is empty
          logs: []                                         | logs is empty
          sql: []                                          | sql is empty
          availability: {min: 0%}                          | 0% holds
          availability: {min: 100.1%}                      | can not exceed 100%
          detected: {within: 0s}                           | within 0s
          replacedPods: {within: 0ms}                      | within 0s
          recovered: {within: 0h}                          | within 0s
          caches: {agreeWithin: 0s}                        | within 0s
          alerts: [{name: A, firesWithin: 0s}]             | within 0s
          alerts: [{name: A}, {name: B, resolvesWithin: 0s}] | within 0s
          logs: [{query: a, min: 5, max: 1}]               | min 5 is above max 1
          logs: [{query: a, min: 0}]                       | at least 0
          logs: [{query: a}]                               | needs a "min" or a "max"
          logs: [{query: a, min: 5.0, max: 1.0}]           | min 5.0 is above max 1.0
          logs: [{query: a, min: 0.0}]                     | at least 0
          logs: [{query: a, min: 6}, {query: a, max: 5}]   | expect.logs[0] asks the same already
          alerts: [{name: A}, {name: A, firesWithin: 1m}]  | expect.alerts[0] asks the same already
          alerts: [{name: A, firesWithin: 2m, notifiedWithin: 1m}] | told after it fires
          alerts: [{name: ' '}]                            | expect.alerts[0].name must not be empty
          logs: [{query: "\t", max: 0}]                    | expect.logs[0].query must not be empty
          sql: [{url: 'jdbc:x', query: ' ', equals: 1}]    | expect.sql[0].query must not be empty
          """)
  void expectationsThatAnythingOrNothingMeets(String expect, String why) {
    refused(drill(NODE, expect, LOAD + "\n" + MONITOR), 8, why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          detected: {within: 60s}     | PodKill makes a node NotReady
          recovered: {within: 60s}    |
          replacedPods: {within: 60s} |
          """)
  void expectationsOfAPodKill(String expect, String why) {
    String text = drill("kind: PodKill", expect, LOAD);
    if (why == null) {
      assertThatCode(() -> DrillFile.parse(text, "d")).doesNotThrowAnyException();
    } else {
      refused(text, 7, why);
    }
  }

  /** A drained node stays Ready: nobody detects it. Its pods are made anew elsewhere. */
  @Test
  void expectationsOfADrain() {
    String drain = "kind: NodeDrain, duration: 60s, ttl: 6m";
    refused(drill(drain, "detected: {within: 60s}", LOAD), 7, "no NodeDrain makes a node NotReady");
    String all = "replacedPods: {within: 2m}, recovered: {within: 3m}";
    assertThatCode(() -> DrillFile.parse(drill(drain, all, LOAD), "d")).doesNotThrowAnyException();
  }

  @Test
  void expectationsThatTheKindCanNotAnswer() {
    String delay = "kind: NetworkDelay, latency: 200ms, duration: 60s, ttl: 2m";
    refused(drill(delay, "replacedPods: {within: 60s}", LOAD), 7, "replace a pod");
    refused(drill(delay, "recovered: {within: 60s}", LOAD), 7, "leaves every pod where it is");
    refused(drill(delay, "detected: {within: 60s}", LOAD), 7, "NodeNetwork");
    String both = "parallel: [{" + delay + "}, {kind: KubeletStop, duration: 60s, ttl: 2m}]";
    String all = "detected: {within: 60s}, replacedPods: {within: 2m}, recovered: {within: 3m}";
    assertThatCode(() -> DrillFile.parse(drill(both, all, LOAD), "d")).doesNotThrowAnyException();
  }

  @Test
  void memoryOfAPodIsTakenWithoutANewPod() {
    String pod = "kind: MemoryStress, in: pod, size: 90%, duration: 60s, ttl: 2m";
    refused(drill(pod, "replacedPods: {within: 60s}", LOAD), 7, "again in the same pod");
    String node = pod.replace("in: pod, ", "");
    assertThatCode(() -> DrillFile.parse(drill(node, "replacedPods: {within: 60s}", LOAD), "d"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stream: false         | load.stream is false
          answer: {tokens: 1}   | load.answer.tokens is 1
          """)
  void aGapNeedsPieces(String whole, String why) {
    String load = "load: {arrivals: {constant: 5/s}, " + whole + "}";
    refused(drill(NODE, "latency: {ttft: {p50: 2s}, gap: {p50: 1s}}", load), 7, why);
    assertThatCode(() -> DrillFile.parse(drill(NODE, "latency: {ttft: {p50: 2s}}", load), "d"))
        .doesNotThrowAnyException();
  }

  @Test
  void countsThatOverflow() {
    for (var field : new String[] {"lostRequests", "refusedRequests", "unreachableRequests"}) {
      var text = drill(NODE, field + ": {max: 99999999999999999999}", LOAD);
      assertThat(problems(text))
          .singleElement()
          .asString()
          .contains("d.yaml:7:", "must be at most 1000000000");
    }
  }

  /** Without one a number of any length would come to whoever reads it. */
  @Test
  void everyWholeNumberHasAMost() {
    var schema = tools.jackson.databind.json.JsonMapper.shared().readTree(DrillFile.schema());
    for (var node : schema.findParents("type")) {
      if (node.path("type").asString("").equals("integer")) {
        assertThat(node.has("maximum")).as(node.toString()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "interruption: {max: 3m}",
        "availability: {min: 99%}",
        "lostRequests: {max: 3}",
        "reconciled: {unexplained: 0}",
        "consistency: {acknowledgedWrites: kept}"
      })
  void whatClientsFeelNeedsClients(String expect) {
    refused(drill(NODE, expect, MONITOR), 7, "needs a \"load\"");
  }

  @Test
  void whatIsWatchedNeedsAWatcher() {
    refused(drill(NODE, "alerts: [{name: A}]", LOAD), 7, "alerts need a Prometheus");
    refused(drill(NODE, "logs: [{query: a, max: 0}]", LOAD), 7, "log store");
    refused(drill(NODE, "reconciled: {unexplained: 0}", LOAD), 7, "log store");
    refused(
        drill(
            NODE,
            "alerts: [{name: A, notifiedWithin: 1m}]",
            "observe: {prometheus: 'http://p', alertmanager: 'http://a'}"),
        7,
        "muster-receiver");
    assertThatCode(() ->
            DrillFile.parse(
                drill(
                    NODE,
                    "alerts: [{name: A, notifiedWithin: 1m}]",
                    "observe: {prometheus: 'http://p', alertmanager: service/m/a:9093}"),
                "d"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: NodeShutdown, duration: 5s, ttl: 1m                      | known by its lease, after 12 s; at least 15s
          kind: KubeletStop, duration: 14s, ttl: 1m                      | at least 15s
          kind: NodeNetwork, duration: 6s, ttl: 1m                       | at least 15s
          kind: NodeNetwork, cidrs: [10.0.0.0/8], duration: 4s, ttl: 1m  | at least 5s
          kind: CpuStress, duration: 9s, ttl: 1m                         | the kubelet measures every 10 to 20 s
          kind: DiskFill, size: 1G, duration: 3s, ttl: 1m                | at least 10s
          kind: DnsFailure, duration: 2s, ttl: 1m                        | three looks
          kind: NetworkLoss, loss: 0%, duration: 1m, ttl: 2m             | a loss of 0%
          kind: NetworkLoss, loss: 0.0%, duration: 1m, ttl: 2m           | a loss of 0%
          kind: NetworkLoss, loss: 101%, duration: 1m, ttl: 2m           | more than 100%
          kind: NetworkDelay, latency: 0s, duration: 1m, ttl: 2m         | a latency of 0s
          kind: NetworkDelay, latency: 2h, duration: 1m, ttl: 2m         | no delay but a cut
          kind: MemoryStress, size: 100000%, duration: 1m, ttl: 2m       | more than 100%
          kind: DiskFill, size: 101%, duration: 1m, ttl: 2m              | more than 100%
          kind: PodKill, gracePeriod: 500ms                              | whole seconds
          kind: NodeDrain, gracePeriod: 1500ms, duration: 1m, ttl: 6m    | whole seconds
          kind: NodeDrain, timeout: 0s, duration: 1m, ttl: 6m            | a timeout of 0s is over before anything is done
          kind: NodeNetwork, cidrs: [10.0.0.0/8, 999.1.1.1], duration: 1m, ttl: 2m | 999.1.1.1 is no address
          kind: NodeNetwork, cidrs: [10.0.0.0/33], duration: 1m, ttl: 2m | 10.0.0.0/33 is no address
          kind: NetworkPolicy, cidrs: [010.0.0.1], duration: 1m, ttl: 2m | without leading zeros
          kind: CpuStress, in: pod, containers: [a, b], duration: 1m, ttl: 2m | one container of each pod
          kind: CpuStress, in: pod, duration: 1ms, ttl: 2m               | every 10 to 20 s
          kind: MemoryStress, in: pod, size: 1Gi, duration: 1ms, ttl: 2m | at least 4s
          kind: CpuStress, load: 1, workers: 1, duration: 1m, ttl: 2m    | 1 % of a CPU
          kind: CpuStress, in: pod, load: 3, workers: 3, duration: 1m, ttl: 2m | 9 % of a CPU
          kind: MemoryStress, size: 1K, duration: 1m, ttl: 2m            | at least 16Mi
          kind: DiskFill, size: 1MB, duration: 1m, ttl: 2m               | at least 16Mi
          kind: NetworkDelay, latency: 1ms, duration: 1m, ttl: 2m        | at least 5 ms
          kind: NetworkLoss, loss: 0.000001%, duration: 1m, ttl: 2m      | at least 1%
          kind: LlmFault, failure: reset, duration: 7s, ttl: 2m          | one look may take 5 s
          kind: LlmFault, failure: slow-decode, factor: 1, duration: 1m, ttl: 2m | as fast as before
          kind: LlmFault, failure: reset, duration: 1m, ttl: 25h         | for 24h at most
          kind: NodeNetwork, cidrs: [127.0.0.1], duration: 1m, ttl: 2m   | is the node itself
          kind: PodKill, every: 10h, duration: 30s, ttl: 1m              | is once
          kind: PodKill, every: 1ms, times: 2                            | at least 1s
          kind: ProcessKill, containers: ['A B']                         | no container has such a name
          kind: ProcessKill, containers: [' ']                           | must not be empty
          kind: PodKill, selector: {namespaces: ['Bad NS']}              | no namespace is called "Bad NS"
          kind: PodKill, selector: {pods: {'Bad NS': [a]}}               | no namespace is called "Bad NS"
          kind: PodKill, selector: {pods: {a: ['../../x']}}              | no pod is called "../../x"
          kind: PodKill, selector: {nodes: [Node_1]}                     | no node is called "Node_1"
          kind: PodKill, selector: {zone: 'A B'}                         | no label has such a value
          kind: PodKill, selector: {annotationSelectors: {'a b': x}}     | no label has such a name
          kind: PodKill, selector: {labelSelectors: {app: 'a b'}}        | no label has such a value
          kind: PodKill, selector: {labelSelectors: {'a b': c}}          | no label has such a name
          kind: PodKill, selector: {expressionSelectors: [{key: a, operator: In}]} | In lacks "values"
          kind: PodKill, selector: {expressionSelectors: [{key: a, operator: Exists, values: [b]}]} | takes no "values"
          """)
  void faultsThatAreNone(String fault, String why) {
    refused(drill(fault, "residue: none", LOAD), 6, why);
    refused(
        drill("parallel: [{hold: 1s}, {serial: [{" + fault + "}]}]", "residue: none", LOAD),
        6,
        why);
  }

  @Test
  void aHoldOfNoTimeAndARebootOfAMoment() {
    refused(drill(NODE + "}, {hold: 0s", "residue: none", LOAD), 6, "a hold of 0s is none");
    String reboot = "kind: NodeShutdown, action: reboot, duration: 1s, ttl: 2m";
    assertThatCode(() -> DrillFile.parse(drill(reboot, "residue: none", LOAD), "d"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://llm_gateway.example.com/v1   | _' is not
          https://                            | http(s) URL
          http://:8080/v1                     | no host
          http://a:99999                      | port 99999 is none
          http://a:999999999999               | a port below 65536
          http://u:p@a/v1                     | user or password
          http://a/v1#b                       | sent to nobody
          'http://a/{x}'                      | no URL
          http://a/v1/chat/completions        | is put behind it
          http://a|
          http://[::1]:8080/v1|
          https://gw.example.com/m?api-version=2024-10-21|
          """)
  void anEndpointAtWhichNothingCanBeAsked(String url, String why) {
    String text = DRILL.replace("http://llm.example.com/v1", url);
    text = text.replace("FAULT", NODE).replace("EXPECT", "residue: none").replace("MORE", LOAD);
    if (why == null) {
      var parsed = DrillFile.parse(text, "d");
      assertThat(parsed.target().endpoint()).isEqualTo(url);
    } else {
      assertThat(problems(text).getFirst().toString()).startsWith("d.yaml:4:36: ").contains(why);
    }
  }

  @Test
  void watchersAndProbesAtWhichNothingCanBeAsked() {
    refused(drill(NODE, "residue: none", "observe: {prometheus: 'http://p_q:9090'}"), 5, "'_'");
    refused(
        drill(NODE, "residue: none", "observe: {grafana: 'http://p/?a=b'}"), 5, "what follows ?");
    refused(drill(NODE, "residue: none", "observe: {prometheus: service/a/b:0}"), 5, "port 0");
    refused(
        drill(NODE, "residue: none", "observe: {prometheus: service/a/b:70000}"), 5, "port 70000");
    refused(
        drill(NODE, "residue: none", "abortWhen: [{probe: http, url: 'http://a_b'}]"), 5, "'_'");
  }

  @ParameterizedTest
  @CsvSource({
    "'>', 1, never",
    "'>', -1, always",
    "'>=', 0, always",
    "'<', 0, never",
    "'<=', 1, always"
  })
  void aRatioThatIsAlwaysOrNever(String criteria, String value, String word) {
    String rule =
        "abortWhen: [{probe: error-ratio, comparator: {criteria: '%s', value: %s}}]"
            .formatted(criteria, value);
    refused(drill(NODE, "residue: none", LOAD + "\n" + rule), 6, "it is " + word);
  }

  @Test
  void aRatioOfNoTime() {
    String rule =
        "abortWhen: [{probe: error-ratio, comparator: {criteria: '>', value: 0.5}, for: 0s}]";
    refused(drill(NODE, "residue: none", LOAD + "\n" + rule), 6, "in 0s no request ends");
  }

  @Test
  void moreZonesThanNodes() {
    var five = "lab: {nodes: 4, zones: [a, a, b, b, ops]}";
    refused(drill(NODE, "residue: none", five + "\n" + LOAD), 5, "5 zones for 4 nodes");
    refused(
        drill(NODE, "residue: none", five.replace("nodes: 4, ", "") + "\n" + LOAD),
        5,
        "5 zones for 4 nodes");
    // a zone may have several nodes that stand one after another, another fewer
    var uneven = five.replace("4", "5") + "\n" + LOAD;
    assertThat(DrillFile.parse(drill(NODE, "residue: none", uneven), "d").lab().zones())
        .containsExactly("a", "a", "b", "b", "ops");
  }

  @Test
  void aKillThatFollowsNobody() {
    assertThatCode(() ->
            DrillFile.parse(drill("kind: PodKill, follow: false", "residue: none", LOAD), "d"))
        .doesNotThrowAnyException();
  }

  static List<Path> ready() throws IOException {
    try (var all = Files.walk(Path.of("..", "drills"))) {
      return all.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("ready")
  void readyDrillsMakeSense(Path file) {
    assertThatCode(() -> DrillFile.read(file)).doesNotThrowAnyException();
  }
}
