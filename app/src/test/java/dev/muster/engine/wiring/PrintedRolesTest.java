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
        "{kind: NodeDrain, timeout: 20s, duration: 1s, ttl: 1m}",
        "{kind: NodeDrain, gracePeriod: 5s, timeout: 20s, duration: 1s, ttl: 1m}",
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
        "{kind: Rollout, timeout: 20s, duration: 1s, ttl: 1m}",
        "{kind: Rollout, image: 'c:2', timeout: 20s, duration: 1s, ttl: 1m}",
        "{kind: Scale, replicas: 2, timeout: 20s, duration: 1s, ttl: 1m}",
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

  /** Where a zone is taken, claims and volumes of its pods are looked at. */
  @ParameterizedTest
  @ValueSource(strings = {"NodeShutdown", "NodeNetwork, peers: other-zones"})
  void aZoneIsTakenUnderItsPrintedRoles(String kind) throws InterruptedException {
    String zone = "topology.kubernetes.io/zone";
    String claimed =
        """
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: z1, labels: {%s: a}}
        spec: {podCIDRs: [10.244.9.0/24]}
        status:
          addresses: [{type: InternalIP, address: 10.0.0.7}]
          conditions: [{type: Ready, status: "True"}]
          nodeInfo: {bootID: x}
        ---
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: z1, namespace: kube-node-lease}
        spec: {renewTime: "2026-01-01T00:00:00.000000Z"}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: e1, namespace: s, labels: {app: e}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: e, uid: e}]}
        spec:
          nodeName: z1
          containers: [{name: c}]
          volumes: [{name: d, persistentVolumeClaim: {claimName: d-e1}}]
        status: {phase: Running, podIP: 10.244.9.2, conditions: [{type: Ready, status: "True"}]}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: d-e1, namespace: s}
        spec: {volumeName: pv-1}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: pv-1}
        spec: {nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: %s, operator: In, values: [a]}]}]}}}
        """
            .formatted(zone, zone);
    PermittedRun permitted = new PermittedRun(folder, claimed);
    Drill drill =
        PermittedRun.drill(
            "{kind: %s, mode: all, selector: {zone: a}, duration: 1s, ttl: 1m}".formatted(kind));
    RoleBound roles = permitted.roles(drill);
    List<Event> events = permitted.run(drill, roles);
    assertThat(roles.refused).as("what was asked for and no role permits").isEmpty();
    assertThat(roles.granted)
        .contains("get persistentvolumeclaims d-e1 in s", "get persistentvolumes pv-1");
    assertThat(events).anyMatch(e -> e instanceof Event.FaultInjected);
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
