package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.kind.FaultKind;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZonePartitionTest {
  private final Stage stage =
      new Stage()
          .node("n1", "topology.kubernetes.io/zone: a", "podCIDRs: [10.244.1.0/24]")
          .node("n2", "topology.kubernetes.io/zone: a", "podCIDRs: [10.244.2.0/24]")
          .node("n3", "topology.kubernetes.io/zone: b", "podCIDRs: [10.244.0.0/24]");

  private List<String> trouble(String... victims) {
    return ZonePartition.trouble(stage.snapshot(), new LinkedHashSet<>(List.of(victims)));
  }

  @Test
  void aZoneWhoseOthersAreAllKnownByTheirRangesIsCutOff() {
    stage.pod("w", "worker", "n3");
    assertThat(trouble("n1", "n2")).isEmpty();
    assertThat(trouble()).isEmpty();
  }

  @Test
  void aVictimThatSaysNoZoneIsRefused() {
    stage.node("n4", "x: y");
    assertThat(trouble("n1", "n4"))
        .containsExactly(
            "node n4 has no label topology.kubernetes.io/zone: which zones are the others is not"
                + " known; the zones are [a, b]");
  }

  @Test
  void podsThatNoRangeHoldsAreRefusedOnceForAZone() {
    stage.pod("far", "worker", "n4").pod("farther", "worker", "n4");
    stage.node("n4", "topology.kubernetes.io/zone: c");
    stage.changedNode("n3", n -> n.edit().editSpec().withPodCIDRs(List.of()).endSpec().build());
    assertThat(trouble("n1", "n2"))
        .containsExactly(
            "zone a can not be cut off from all of the others: pod/s/far has the address"
                + " 10.244.0.9, which is in spec.podCIDRs of no node there, and so have 1 more");
  }

  @Test
  void onlyACutFromOtherZonesIsMeant() {
    assertThat(ZonePartition.cuts(kind("{kind: NodeNetwork, peers: other-zones, %s}"))).isTrue();
    assertThat(ZonePartition.cuts(kind("{kind: NodeNetwork, peers: nodes, %s}"))).isFalse();
    assertThat(ZonePartition.cuts(kind("{kind: NodeShutdown, %s}"))).isFalse();
  }

  private static FaultKind kind(String fault) {
    return Stage.drill(fault.formatted("duration: 1m, ttl: 2m")).faults().getFirst().kind();
  }
}
