package dev.muster.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Node PLAIN = node("plain", "", "");
  private static final Node GPU = node("gpu", "", "{key: nvidia.com/gpu, effect: NoSchedule}");

  @Test
  void wherePlainNodesAreNothingIsToleratedAndAnyWillDo() {
    Placement placement = Placement.among(List.of(PLAIN));
    assertThat(placement.tolerations()).isEmpty();
    assertThat(placement.affinity("")).isNull();
  }

  @Test
  void whereAllAreTaintedTheirTaintsAreTolerated() {
    Node other =
        node(
            "other",
            "",
            "{key: team, value: a, effect: NoExecute}, {key: nvidia.com/gpu,"
                + " effect: NoSchedule}");
    Placement placement = Placement.among(List.of(GPU, other));
    assertThat(placement.tolerations())
        .extracting(Toleration::getKey, Toleration::getOperator, Toleration::getEffect)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("nvidia.com/gpu", "Exists", "NoSchedule"),
            org.assertj.core.groups.Tuple.tuple("team", "Exists", "NoExecute"));
    assertThat(placement.affinity("")).isNull();
  }

  @Test
  void aNodeWithoutTaintsIsPreferredToOneWith() {
    var affinity =
        Objects.requireNonNull(Placement.among(List.of(GPU, PLAIN)).affinity("victim"))
            .getNodeAffinity();
    assertThat(affinity.getPreferredDuringSchedulingIgnoredDuringExecution())
        .singleElement()
        .satisfies(p ->
            assertThat(p.getPreference().getMatchFields())
                .extracting(NodeSelectorRequirement::getKey, r -> r.getValues().getFirst())
                .containsExactly(org.assertj.core.groups.Tuple.tuple("metadata.name", "gpu")));
    assertThat(
            affinity
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .getFirst()
                .getMatchFields()
                .getFirst()
                .getValues())
        .containsExactly("victim");
  }

  /** A pod that stood on a node that is lost, or on none at all, would see nothing. */
  @Test
  void whatNoAgentCanRunOnAndWhatIsNotWellIsNoPlace() {
    Node virtual =
        node(
            "v", "type: virtual-kubelet", "{key: virtual-kubelet.io/provider, effect: NoSchedule}");
    Node control =
        node(
            "c",
            "node-role.kubernetes.io/control-plane: ''",
            "{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}");
    Node pressed = node("p", "", "{key: node.kubernetes.io/disk-pressure, effect: NoSchedule}");
    assertThat(Placement.among(List.of(virtual, control, pressed)).tolerations()).isEmpty();
  }

  private static Node node(String name, String labels, String taints) {
    return Serialization.unmarshal(
        """
        metadata: {name: %s, labels: {%s}}
        spec: {taints: [%s]}
        status: {conditions: [{type: Ready, status: "True"}]}
        """
            .formatted(name, labels, taints),
        Node.class);
  }
}
