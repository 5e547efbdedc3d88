package dev.muster.cluster.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.preflight.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class OtherZonesTest {
  private static final String ZONE = "topology.kubernetes.io/zone: ";

  /** Stage's pods have the address 10.244.0.9. */
  private final Stage stage =
      new Stage()
          .node("n1", ZONE + "a", "podCIDRs: [10.244.1.0/24]")
          .node("n2", ZONE + "a", "podCIDRs: [10.244.2.0/24]")
          .node("n3", ZONE + "b", "podCIDRs: [10.244.3.0/24, 'fd00:3::/64']")
          .node("n4", "x: y", "podCIDRs: [10.244.4.0/24]");

  private OtherZones others(String node) {
    return OtherZones.of(stage.snapshot().nodes(), node);
  }

  private List<String> strays() {
    return others("n1").strays(stage.snapshot().pods()).stream().map(Pods::name).toList();
  }

  @Test
  void aNodeThatSaysNoZoneIsInAnother() {
    assertThat(others("n1").own()).isEqualTo("a");
    assertThat(others("n1").nodes()).map(NodeSelectorTerms::name).containsExactly("n3", "n4");
  }

  @Test
  void whoHasNoZoneOrTheOnlyOneHasNoOthers() {
    assertThatThrownBy(() -> others("n4"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("node n4 has no label topology.kubernetes.io/zone")
        .hasMessageEndingWith("the zones are [a, b]");
    Stage one = new Stage().node("n1", ZONE + "a").node("n2", ZONE + "a");
    assertThatThrownBy(() -> OtherZones.of(one.snapshot().nodes(), "n1"))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("all nodes are in zone a, as n1 is")
        .hasMessageEndingWith("the zones are [a]");
  }

  @Test
  void podsWithAddressesOfNoRangeAreStrays() {
    stage.pod("own", "w", "n2").pod("far", "w", "n3").pod("unsaid", "w", "n4");
    assertThat(strays()).containsExactly("far", "unsaid");
    stage.node("n5", ZONE + "c", "podCIDRs: [10.244.0.0/24]");
    assertThat(strays()).isEmpty();
  }

  @Test
  void whatHasItsNodesAddressOrNoneAnyMoreIsNoStray() {
    stage.pod("host", "s", "app: w", "n3", "hostNetwork: true").pod("done", "w", "n3");
    stage.changedPod("done", p -> p.edit().editStatus().withPhase("Succeeded").endStatus().build());
    assertThat(strays()).isEmpty();
  }
}
