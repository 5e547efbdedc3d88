package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill;
import dev.muster.engine.home.Refusal;
import dev.muster.timeline.Event;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that cannot carry a fault, in a whole run: as bystanders, and as victims. */
@Timeout(120)
class UnfitNodesTest {
  @TempDir Path folder;

  /** A virtual node, one that is not Ready and one that the drill names as protected. */
  @Test
  void nodesThatNoFaultGoesToAreToldAndRefuseNothing() throws InterruptedException {
    PermittedRun permitted =
        new PermittedRun(
            folder,
            """
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: virtual, labels: {type: virtual-kubelet}}
            status: {conditions: [{type: Ready, status: "True"}]}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: broken}
            spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoSchedule}]}
            status: {conditions: [{type: Ready, status: Unknown}]}
            """);
    Drill drill =
        PermittedRun.drill("{kind: CpuStress, duration: 1s, ttl: 1m}", "protect: {nodes: [n3]}\n");
    List<Event> events = permitted.run(drill, permitted.roles(drill));
    assertThat(events)
        .filteredOn(e -> e instanceof Event.ResidueAudited)
        .singleElement()
        .satisfies(e -> {
          Event.ResidueAudited audit = (Event.ResidueAudited) e;
          assertThat(audit.residue()).isEmpty();
          assertThat(audit.notLookedAt()).isEmpty();
          assertThat(audit.passedOver())
              .containsExactlyInAnyOrder(
                  "node virtual is virtual",
                  "node broken is not Ready",
                  "node n3 is named under protect.nodes");
        });
    assertThat(events).anyMatch(e -> e instanceof Event.FaultInjected);
  }

  /** There it matters what a node is. */
  @Test
  void aVictimThatCanNotCarryAnAgentOrIsNotReadyIsRefused() {
    PermittedRun permitted =
        new PermittedRun(
            folder,
            """
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: v, labels: {type: virtual-kubelet}}
            spec: {}
            status: {conditions: [{type: Ready, status: Unknown}]}
            """);
    Drill drill =
        PermittedRun.drill("{kind: CpuStress, selector: {nodes: [v]}, duration: 1s, ttl: 1m}");
    assertThatThrownBy(() -> permitted.run(drill, permitted.roles(drill)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("node v is not Ready already")
        .hasMessageContaining("node v is virtual: no agent can carry a fault there")
        .hasMessageContaining("could not be looked at: node v is virtual");
  }

  /** From which zones it should be cut off, nobody knows. */
  @Test
  void aVictimWithoutAZoneIsNotCutOffFromOthers() {
    PermittedRun permitted = new PermittedRun(folder, "");
    Drill drill =
        PermittedRun.drill("{kind: NodeNetwork, peers: other-zones, duration: 1s, ttl: 1m}");
    assertThatThrownBy(() -> permitted.run(drill, permitted.roles(drill)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has no label topology.kubernetes.io/zone")
        .hasMessageContaining("the zones are []");
  }
}
