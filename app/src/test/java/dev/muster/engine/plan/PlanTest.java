package dev.muster.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.file.DrillFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan shows what matters of each step. */
class PlanTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: "http://127.0.0.1:1"}
      load: {arrivals: {constant: 1/s}, baseline: 30s}
      faults: [FAULTS]
      abortWhen: [RULES]
      expect: {recovered: {within: 4m}}
      """;

  private static Plan plan(String faults, String rules) {
    return Plan.of(
        DrillFile.parseKept(DRILL.replace("FAULTS", faults).replace("RULES", rules), "d.yaml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          kind: NodeShutdown | NodeShutdown (power off) of the node that hosts most of the target
          kind: NodeShutdown, selector: {hosting: api} | NodeShutdown (power off) of the node that hosts most of component api
          kind: NodeNetwork, peers: control-plane, direction: to, selector: {zone: a} | NodeNetwork (from the control plane, what it sends) of one of the nodes with zone a
          kind: NodeNetwork, peers: other-zones, mode: all, selector: {zone: a} | NodeNetwork (from the other zones and the control plane, both directions) of all of the nodes with zone a
          kind: NodeNetwork, cidrs: [10.0.0.0/8], mode: fixed, value: 2, selector: {hosting: target} | NodeNetwork (from 10.0.0.0/8, both directions) of 2 of the nodes that host the target
          kind: NetworkPolicy | NetworkPolicy (from everybody, both directions) of one of the target's pods
          kind: NetworkPolicy, peerSelector: {labelSelectors: {app: e}}, direction: from, selector: {hosting: api} | NetworkPolicy (from the pods with labels {app=e}, what it receives) of one of the pods of component api on the node that hosts most of component api
          kind: CpuStress, load: 80, workers: 2, in: pod, follow: true | CpuStress (2 workers at 80 %, in the first container, newcomers too) of one of the target's pods
          kind: MemoryStress, until: MemoryPressure | MemoryStress (until MemoryPressure) of the node that hosts most of the target
          kind: MemoryStress, size: 512Mi, in: pod, containers: [w] | MemoryStress (512Mi, in container w) of one of the target's pods
          kind: DiskFill, size: 2GB | DiskFill (2GB) of the node that hosts most of the target
          kind: DiskFill, size: 90% | DiskFill (until 90 % is in use) of the node that hosts most of the target
          kind: ProcessPause, selector: {labelSelectors: {app: x}}, mode: all | ProcessPause (SIGSTOP to the first container) of all of the pods with labels {app=x}
          kind: PodKill, gracePeriod: 0s, every: 10s | PodKill (deleted at once, again every 10s) of one of the target's pods
          kind: NodeDrain | NodeDrain (pods are evicted with their own grace period, for at most 5m) of the node that hosts most of the target
          kind: NodeDrain, gracePeriod: 5s, timeout: 30s | NodeDrain (pods are evicted with a grace period of 5s, for at most 30s) of the node that hosts most of the target
          kind: NodeDrain, podSelector: {labelSelectors: {app: w}, expressionSelectors: [{key: tier, operator: NotIn, values: [db]}, {key: x, operator: Exists}]} | NodeDrain (the pods with labels {app=w}, labels [tier NotIn [db], x Exists] are evicted with their own grace period, for at most 5m) of the node that hosts most of the target
          kind: NetworkDelay, latency: 200ms, jitter: 20ms | NetworkDelay (latency 200ms, jitter 20ms) of the node that hosts most of the target
          kind: NetworkLoss, loss: 30% | NetworkLoss (loss 30 %) of the node that hosts most of the target
          kind: DnsFailure, selector: {nodes: [n1]} | DnsFailure of one of the nodes [n1]
          kind: LlmFault, failure: stuck-decode | LlmFault (stuck-decode, token of Secret deepseek-faults) of one of the target's pods
          kind: LlmFault, failure: slow-decode, tokenSecret: t, port: 81 | LlmFault (slow-decode, 8 times as long, token of Secret t, port 81) of one of the target's pods
          kind: LlmFault, failure: reset, afterTokens: 9 | LlmFault (reset, after 9 tokens, token of Secret deepseek-faults) of one of the target's pods
          kind: KubeletStop | KubeletStop of the node that hosts most of the target
          """)
  void everyFieldOfAFaultIsSeen(String fault, String words) {
    assertThat(plan("{" + fault + ", duration: 1m, ttl: 2m}", "").steps())
        .containsExactly(new Plan.Line(0, 0, words + " for 1m, undone after 2m at the latest"));
  }

  @Test
  void aRebootIsNoOutageOfItsDuration() {
    String reboot = "{kind: NodeShutdown, action: reboot, duration: 1m, ttl: 2m}";
    assertThat(plan(reboot, "").lines().getLast())
        .contains("(reboot: power comes back at once)", ", looked at for 1m");
  }

  @Test
  void stepsHaveTheirTimesAndTheWholeItsLength() {
    Plan plan =
        plan(
            "{parallel: [{kind: DnsFailure, duration: 90s, ttl: 3m},"
                + " {kind: KubeletStop, after: 5s, duration: 1m, ttl: 2m}]}, {hold: 1m}",
            "");
    // 60 s to settle, 30 s baseline, 2 min 30 s of faults, 4 min and 10 s to recover
    assertThat(plan.summary()).contains("then 2m30s of faults", "at most about 9 min in all");
    assertThat(plan.lines().subList(1, 5))
        .satisfiesExactly(
            l -> assertThat(l).isEqualTo("   0:00  together:"),
            l -> assertThat(l).startsWith("   0:00    DnsFailure"),
            l -> assertThat(l).startsWith("   0:05    KubeletStop"),
            l -> assertThat(l).isEqualTo("   1:30  hold 1m"));
  }

  @Test
  void whatEndsItEarlyIsSeen() {
    String rules =
        "{probe: error-ratio, comparator: {criteria: '>', value: 0.9}, for: 30s},"
            + "{probe: http, url: 'http://x/', mode: SOT},"
            + "{probe: command, command: [a, b], mode: OnChaos}";
    assertThat(plan("{kind: DnsFailure, duration: 90s, ttl: 3m}", rules).abortWhen())
        .containsExactly(
            "error-ratio > 0.9 for 30s (Continuous)",
            "http://x/ does not answer (SOT)",
            "[a, b] fails for 1m (OnChaos)");
  }
}
