package dev.muster.drill.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would pass whatever the service does is refused where it stands. */
class BoundRulesTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: llm, endpoint: 'http://llm.example.com/v1'}
      load: {LOAD}
      monitor: {chart: c, release: r, namespace: n}
      faults: [{FAULT}]
      expect: {EXPECT}
      """;

  private static final String NODE = "kind: NodeShutdown, duration: 90s, ttl: 3m";
  private static final String LOAD = "arrivals: {constant: 5/s}";

  private static String drill(String load, String fault, String expect) {
    return DRILL.replace("LOAD", load).replace("FAULT", fault).replace("EXPECT", expect);
  }

  private static void refused(String text, int line, String why) {
    var refused = catchThrowableOfType(DrillException.class, () -> DrillFile.parse(text, "d.yaml"));
    assertThat(refused).as(text).isNotNull();
    assertThat(refused.problems())
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.message()).contains(why);
          assertThat(problem.line()).isEqualTo(line);
          assertThat(problem.column()).isGreaterThan(8);
        });
    assertThatCode(() -> DrillFile.parseKept(text, "d.yaml")).doesNotThrowAnyException();
  }

  private static void taken(String text) {
    assertThatCode(() -> DrillFile.parse(text, "d.yaml")).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          interruption: {max: 20m}          | 20m is longer than a run of this drill, which takes at most 14m
          detected: {within: 1h}            | nothing could exceed it
          replacedPods: {within: 1h}        | nothing could exceed it
          caches: {agreeWithin: 1h}         | nothing could exceed it
          lostRequests: {max: 1000000000}   | is more than a run of this drill sends
          lostRequests: {max: 1e8}          | is more than a run of this drill sends
          refusedRequests: {max: 100000}    | is more than a run of this drill sends
          unreachableRequests: {max: 9999}  | is more than a run of this drill sends
          reconciled: {unexplained: 9999}   | is more than a run of this drill sends
          latency: {ttft: {p99: 61s}}       | given up after load.timeout, 1m
          latency: {gap: {max: 2m}}         | given up after load.timeout, 1m
          interruption: {max: 2000h}        | a drill takes at most 1000h
          recovered: {within: 1001h}        | a drill takes at most 1000h
          alerts: [{name: A, firesWithin: 9999h}] | a drill takes at most 1000h
          """)
  void boundsThatNothingExceeds(String expect, String why) {
    refused(drill(LOAD, NODE, expect), 8, why);
  }

  @Test
  void boundsThatSomethingCouldExceed() {
    taken(drill(LOAD, NODE, "interruption: {max: 10m}, lostRequests: {max: 2000}"));
    taken(drill(LOAD, NODE, "interruption: {max: 30m}, recovered: {within: 40m}"));
    taken(drill(LOAD + ", timeout: 5m", NODE, "latency: {ttft: {max: 4m}}"));
    taken(drill(LOAD, NODE + "}, {hold: 30m", "interruption: {max: 30m}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          arrivals: {constant: 0.1/s}, baseline: 5s     | in a baseline of 5s not one request is sent
          arrivals: {poisson: 0.000000001/s}            | in a baseline of 30s not one request is sent
          arrivals: {constant: 5/s}, baseline: 2000h    | at most 1000h
          arrivals: {constant: 5/s}, timeout: 2000h     | at most 1000h
          """)
  void loadsThatAreNone(String load, String why) {
    refused(drill(load, NODE, "residue: none"), 5, why);
    taken(drill("arrivals: {constant: 0.1/s}", NODE, "residue: none"));
  }

  @Test
  void timesOfFaultsBeyondEveryDrill() {
    refused(
        drill(LOAD, NODE.replace("3m", "5000h"), "residue: none"),
        7,
        "a drill takes at most 1000h");
    refused(
        drill(LOAD, "kind: PodKill, gracePeriod: 5000h", "residue: none"),
        7,
        "a drill takes at most 1000h");
    String label = "kind: PodKill, selector: {labelSelectors: {age: 5000h}}";
    taken(drill(LOAD, label, "residue: none"));
  }

  @Test
  void anAbortThatNeverCouldBe() {
    String rule = "arrivals: {constant: 5/s}}\nabortWhen: [{probe: http, url: 'http://a', for: 1h}";
    refused(
        drill(rule, NODE, "residue: none")
            .replace("'http://a', for: 1h}}", "'http://a', for: 1h}]"),
        6,
        "nothing could hold for so long");
  }
}
