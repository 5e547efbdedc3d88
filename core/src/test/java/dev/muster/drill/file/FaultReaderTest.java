package dev.muster.drill.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.field.Amount;
import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.CpuStress;
import dev.muster.drill.kind.DiskFill;
import dev.muster.drill.kind.DnsFailure;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Direction;
import dev.muster.drill.kind.FaultKind.Place;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.kind.MemoryStress;
import dev.muster.drill.kind.NetworkDelay;
import dev.muster.drill.kind.NetworkLoss;
import dev.muster.drill.kind.NetworkPolicy;
import dev.muster.drill.kind.NodeDrain;
import dev.muster.drill.kind.NodeNetwork;
import dev.muster.drill.kind.NodeNetwork.Peers;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.kind.ProcessPause;
import dev.muster.drill.kind.Rollout;
import dev.muster.drill.kind.Scale;
import dev.muster.source.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultReaderTest {
  /** By the label a=b and nothing else. */
  private static final Selector LABELLED =
      new Selector(
          null,
          null,
          List.of(),
          Map.of(),
          List.of(),
          Map.of("a", "b"),
          List.of(),
          Map.of(),
          Map.of(),
          List.of(),
          Map.of());

  @Test
  void everyKindIsReadWithItsOwnWords() {
    assertThat(
            kinds(
                """
                - {kind: NodeShutdown, action: reboot, duration: 1m, ttl: 2m}
                - {kind: NodeNetwork, peers: control-plane, direction: to, duration: 1m, ttl: 2m}
                - {kind: NodeNetwork, cidrs: [10.0.0.0/8, 192.0.2.1], duration: 1m, ttl: 2m}
                - {kind: NetworkPolicy, direction: from, peerSelector: {labelSelectors: {a: b}}, duration: 1m, ttl: 2m}
                - {kind: CpuStress, load: 80, workers: 3, duration: 1m, ttl: 2m}
                - {kind: MemoryStress, size: 512Mi, duration: 1m, ttl: 2m}
                - {kind: CpuStress, in: pod, containers: [worker], duration: 1m, ttl: 2m}
                - {kind: MemoryStress, in: pod, size: 50%, duration: 1m, ttl: 2m}
                - {kind: MemoryStress, until: MemoryPressure, duration: 1m, ttl: 2m}
                - {kind: DiskFill, size: 90%, duration: 1m, ttl: 2m}
                - {kind: ProcessKill, containers: [worker], every: 5s, duration: 1m, ttl: 2m}
                - {kind: ProcessKill}
                - {kind: ProcessPause, duration: 1m, ttl: 2m}
                - {kind: KubeletStop, duration: 1m, ttl: 2m}
                - {kind: PodKill, gracePeriod: 0s}
                - {kind: NodeDrain, duration: 1m, ttl: 6m}
                - {kind: NodeDrain, gracePeriod: 5s, timeout: 1m, duration: 1m, ttl: 2m}
                - {kind: NodeDrain, podSelector: {labelSelectors: {a: b}}, duration: 1m, ttl: 6m}
                - {kind: DnsFailure, duration: 1m, ttl: 2m}
                - {kind: NetworkDelay, latency: 100ms, jitter: 10ms, duration: 1m, ttl: 2m}
                - {kind: NetworkLoss, loss: 12.5%, duration: 1m, ttl: 2m}
                - {kind: LlmFault, failure: stuck-decode, duration: 1m, ttl: 2m}
                - {kind: LlmFault, failure: slow-decode, duration: 1m, ttl: 2m}
                - {kind: LlmFault, failure: slow-load, duration: 1m, ttl: 2m}
                - {kind: LlmFault, failure: slow-load, factor: 2, tokenSecret: s, port: 80, duration: 1m, ttl: 2m}
                - {kind: LlmFault, failure: foreign-cache, afterTokens: 0, duration: 1m, ttl: 2m}
                - {kind: Rollout, duration: 1m, ttl: 6m}
                - {kind: Rollout, image: 'r.example/w:2', container: w, timeout: 30s, duration: 1m, ttl: 6m}
                - {kind: Scale, replicas: 0, timeout: 1m, duration: 1m, ttl: 6m}
                """))
        .containsExactly(
            new NodeShutdown(true),
            new NodeNetwork(Peers.CONTROL_PLANE, List.of(), Direction.TO),
            new NodeNetwork(Peers.CIDRS, List.of("10.0.0.0/8", "192.0.2.1"), Direction.BOTH),
            new NetworkPolicy(Direction.FROM, LABELLED, List.of()),
            new CpuStress(80, 3, Place.NODE, List.of()),
            new MemoryStress(new Amount(512L << 20, null), Place.NODE, List.of()),
            new CpuStress(100, 0, Place.POD, List.of("worker")),
            new MemoryStress(new Amount(null, 50), Place.POD, List.of()),
            new MemoryStress(new Amount(null, null), Place.NODE, List.of()),
            new DiskFill(new Amount(null, 90)),
            new ProcessKill(List.of("worker"), Duration.ofSeconds(5)),
            new ProcessKill(List.of(), null),
            new ProcessPause(List.of()),
            new KubeletStop(),
            new PodKill(Duration.ZERO, null),
            new NodeDrain(null, Duration.ofMinutes(5), Selector.EMPTY),
            new NodeDrain(Duration.ofSeconds(5), Duration.ofMinutes(1), Selector.EMPTY),
            new NodeDrain(null, Duration.ofMinutes(5), LABELLED),
            new DnsFailure(),
            new NetworkDelay(Duration.ofMillis(100), Duration.ofMillis(10)),
            new NetworkLoss(12.5),
            new LlmFault(LlmFailure.STUCK_DECODE, 0, 5, "deepseek-faults", null),
            new LlmFault(LlmFailure.SLOW_DECODE, 8, 5, "deepseek-faults", null),
            new LlmFault(LlmFailure.SLOW_LOAD, 4, 5, "deepseek-faults", null),
            new LlmFault(LlmFailure.SLOW_LOAD, 2, 5, "s", 80),
            new LlmFault(LlmFailure.FOREIGN_CACHE, 0, 0, "deepseek-faults", null),
            new Rollout(null, null, Duration.ofMinutes(5)),
            new Rollout("r.example/w:2", "w", Duration.ofSeconds(30)),
            new Scale(0, Duration.ofMinutes(1)));
  }

  @Test
  void stressInAPodHasPodsAsVictims() {
    var victims =
        drill(
                """
                - {kind: CpuStress, in: pod, duration: 1m, ttl: 2m}
                - {kind: CpuStress, duration: 1m, ttl: 2m}
                - {kind: MemoryStress, in: pod, size: 1Gi, duration: 1m, ttl: 2m}
                - {kind: MemoryStress, in: node, size: 1Gi, duration: 1m, ttl: 2m}
                """)
            .faults();

    assertThat(victims)
        .extracting(f -> f.kind().ofPods())
        .containsExactly(true, false, true, false);
  }

  @Test
  void stepsAreComposedAndTheirLengthIsKnown() {
    var drill =
        drill(
            """
            - {kind: NodeNetwork, duration: 1m, ttl: 2m}
            - hold: 30s
            - parallel:
              - {kind: CpuStress, after: 10s, duration: 20s, ttl: 1m}
              - serial:
                - {kind: PodKill, every: 15s, times: 3}
                - hold: 5s
            """);

    assertThat(drill.faults())
        .extracting(f -> f.kind().word())
        .containsExactly("NodeNetwork", "CpuStress", "PodKill");
    assertThat(drill.faults().getLast().pointer()).isEqualTo("/faults/2/parallel/1/serial/0");
    assertThat(drill.steps().stream().map(Step::expected))
        .containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(35));
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedAtItsPlace() {
    refuses(
        "- {hold: 5s, mode: one}\n- {kind: KubeletStop, duration: 1m, ttl: 2m}",
        "9:16: \"mode\" does not go with \"hold\"");
    refuses(
        "- {mode: one}",
        "9:5: a step is a fault (\"kind\"), a \"hold\", a \"parallel\" or a \"serial\" part");
    refuses("- {kind: KubeletStop, hold: 5s}", "9:5: a step is one thing, not kind and hold");
    refuses(
        "- {kind: CpuStress, size: 1Gi, duration: 1m, ttl: 2m}",
        "9:23: CpuStress takes no \"size\"; it takes containers, duration, follow, in, load, ttl, workers");
    refuses(
        "- {kind: CpuStress, containers: [a], duration: 1m, ttl: 2m}",
        "9:23: \"containers\" goes with \"in: pod\"; on a node there is none");
    refuses(
        "- {kind: MemoryStress, in: pod, until: MemoryPressure, duration: 1m, ttl: 2m}",
        "9:35: in a pod MemoryStress takes no \"until\": pressure is a node's");
    refuses(
        "- {kind: MemoryStress, duration: 1m, ttl: 2m}",
        "9:5: faults[0] lacks \"size\", which MemoryStress needs");
    refuses(
        "- {kind: MemoryStress, until: DiskPressure, duration: 1m, ttl: 2m}",
        "9:33: MemoryStress can only lead to MemoryPressure, not DiskPressure");
    refuses(
        "- {kind: KubeletStop, every: 10s, times: 2, duration: 1m, ttl: 2m}",
        "9:32: every 10s is shorter than duration 1m: one would begin before the last has ended");
    refuses(
        "- {kind: KubeletStop, every: 2m, duration: 1m, ttl: 2m}",
        "9:5: \"every\" needs \"times\": how often");
    refuses(
        "- {kind: ProcessKill, duration: 1m, ttl: 2m}",
        "9:35: ProcessKill is done in a moment: with \"every\" it is repeated for that long, to look longer use a hold");
    refuses(
        "- {kind: PodKill, every: 5s, times: 3, duration: 1m, ttl: 2m}",
        "9:32: give times or duration, not both: \"every\" repeats PodKill for as long as \"duration\" says");
    refuses(
        "- {kind: PodKill, mode: fixed-percent, value: 120}",
        "9:49: a percentage can not exceed 100");
    refuses("- {kind: PodKill, mode: fixed}", "9:5: mode fixed lacks \"value\"");
    refuses("- {kind: PodKill, value: 2}", "9:28: mode one takes no value");
    refuses(
        "- {kind: LlmFault, duration: 1m, ttl: 2m}",
        "9:5: faults[0] lacks \"failure\", which LlmFault needs");
    refuses(
        "- {kind: LlmFault, failure: reset, factor: 2, duration: 1m, ttl: 2m}",
        "9:38: reset takes no \"factor\"; it goes with slow-decode, slow-load");
    refuses(
        "- {kind: LlmFault, failure: no-done, afterTokens: 2, duration: 1m, ttl: 2m}",
        "9:40: no-done takes no \"afterTokens\"; it goes with truncation, reset, error-in-band,"
            + " keep-alive-only, corrupt-tokens, foreign-cache");
    refuses(
        "- {kind: NodeDrain, timeout: 2m, duration: 1m, ttl: 2m}",
        "9:55: ttl 2m is shorter than timeout 2m and duration 1m together: NodeDrain could be"
            + " undone before it has lasted; make ttl at least 3m");
    String drain = "- {kind: NodeDrain, duration: 1m, ttl: 6m, podSelector: ";
    refuses(
        drain + "{labelSelectors: {a: b}, nodes: [n1]}}",
        "9:%d: a drain chooses among the pods of its node by their labels alone: podSelector takes"
                .formatted(2 + drain.length() + "{labelSelectors: {a: b}, ".length() + 1)
            + " labelSelectors and expressionSelectors, no \"nodes\"");
    refuses(
        drain + "{expressionSelectors: [{key: a, operator: NotIn}]}}",
        "9:%d: NotIn lacks \"values\""
            .formatted(2 + drain.length() + "{expressionSelectors: [".length() + 1));
    refuses(
        "- {kind: PodKill, failure: reset}",
        "9:21: PodKill takes no \"failure\"; it takes duration, follow, gracePeriod, ttl");
  }

  private static List<FaultKind> kinds(String faults) {
    return drill(faults).faults().stream().map(Fault::kind).toList();
  }

  private static void refuses(String faults, String message) {
    var refusal = catchThrowableOfType(DrillException.class, () -> drill(faults));
    assertThat(refusal.problems())
        .extracting(Problem::toString)
        .containsExactly("d.yaml:" + message);
  }

  private static Drill drill(String faults) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: small}
        target: {namespace: llm, selector: {labelSelectors: {a: b}}}
        load: {arrivals: {constant: 5/s}}
        expect: {residue: none}
        # the faults begin on the line after the next
        faults:
        """
            + faults.indent(2),
        "d.yaml");
  }
}
