package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Drill;
import dev.muster.drill.kind.FaultKind;
import dev.muster.timeline.Event;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each kind of fault in a whole run against an API server that permits what {@code muster rbac}
 * prints for the drill, and answers everything else with 403.
 */
@Timeout(120)
class PrintedRolesTest {
  @TempDir Path folder;

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{kind: NodeShutdown, duration: 1s, ttl: 1m}",
        "{kind: NodeShutdown, action: reboot, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, peers: nodes, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, peers: control-plane, duration: 1s, ttl: 1m}",
        "{kind: NodeNetwork, cidrs: [10.0.0.0/24], duration: 1s, ttl: 1m}",
        "{kind: NetworkPolicy, duration: 1s, ttl: 1m}",
        "{kind: NetworkPolicy, direction: to, peerSelector: {labelSelectors: {app: w}}, duration:"
            + " 1s, ttl: 1m}",
        "{kind: NetworkPolicy, direction: to, cidrs: [10.0.0.0/24], duration: 1s, ttl: 1m}",
        "{kind: CpuStress, duration: 1s, ttl: 1m}",
        "{kind: CpuStress, in: pod, duration: 1s, ttl: 1m}",
        "{kind: MemoryStress, size: 64MiB, duration: 1s, ttl: 1m}",
        "{kind: MemoryStress, until: MemoryPressure, duration: 1s, ttl: 1m}",
        "{kind: MemoryStress, in: pod, size: 64MiB, duration: 1s, ttl: 1m}",
        "{kind: DiskFill, size: 64MiB, duration: 1s, ttl: 1m}",
        "{kind: ProcessKill}",
        "{kind: ProcessPause, duration: 1s, ttl: 1m}",
        "{kind: KubeletStop, duration: 1s, ttl: 1m}",
        "{kind: PodKill, gracePeriod: 0s}",
        "{kind: PodKill, gracePeriod: 0s, follow: true, duration: 2s, ttl: 1m}",
        "{kind: PodKill, gracePeriod: 0s, every: 1s, duration: 2s, ttl: 1m}",
        "{kind: PodKill, gracePeriod: 0s, selector: {nodes: [n1]}}",
        "{kind: PodKill, gracePeriod: 0s, selector: {fieldSelectors: {spec.nodeName: n1}}}",
        "{kind: PodKill, gracePeriod: 0s, selector: {pods: {s: [w1]}}}",
        "{kind: ProcessKill, follow: true, duration: 2s, ttl: 1m}",
        "{kind: ProcessKill, every: 1s, duration: 2s, ttl: 1m}",
        "{kind: ProcessPause, follow: true, duration: 2s, ttl: 1m}",
        "{kind: CpuStress, in: pod, follow: true, mode: all, duration: 2s, ttl: 1m}",
        "{kind: NetworkPolicy, peerSelector: {hosting: target}, duration: 1s, ttl: 1m}",
        "{kind: DnsFailure, duration: 1s, ttl: 1m}",
        "{kind: NetworkDelay, latency: 100ms, duration: 1s, ttl: 1m}",
        "{kind: NetworkLoss, loss: 50%, duration: 1s, ttl: 1m}",
        "{kind: LlmFault, failure: lying-health, duration: 1s, ttl: 1m}",
        "{kind: LlmFault, failure: stuck-decode, tokenSecret: other, port: 81, duration: 1s, ttl: 1m}",
      })
  void aFaultRunsUnderItsOwnPrintedRoles(String fault) throws InterruptedException {
    PermittedRun permitted = new PermittedRun(folder, "");
    Drill drill = PermittedRun.drill(fault);
    RoleBound roles = permitted.roles(drill);
    List<Event> events = permitted.run(drill, roles);
    assertThat(roles.refused).as("what was asked for and no role permits").isEmpty();
    assertThat(events)
        .as("it was carried out")
        .anyMatch(e -> e instanceof Event.FaultInjected)
        .anyMatch(e -> e instanceof Event.ResidueAudited a && a.notLookedAt().isEmpty());
  }

  /** A new kind is one more line above. */
  @Test
  void noKindIsLeftOut() throws NoSuchMethodException {
    String[] lines =
        PrintedRolesTest.class
            .getDeclaredMethod("aFaultRunsUnderItsOwnPrintedRoles", String.class)
            .getAnnotation(ValueSource.class)
            .strings();
    assertThat(
            Arrays.stream(lines)
                .map(l -> PermittedRun.drill(l).faults().getFirst().kind().getClass().getName()))
        .containsAll(
            Arrays.stream(FaultKind.class.getPermittedSubclasses()).map(Class::getName).toList());
  }
}
