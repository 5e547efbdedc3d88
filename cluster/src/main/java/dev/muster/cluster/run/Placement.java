package dev.muster.cluster.run;

import dev.muster.cluster.object.AgentNodes;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.select.NodeSelectorTerms;
import dev.muster.cluster.select.Protection;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirementBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a pod of Muster's that is bound to no node may stand: on what is tainted for a purpose too,
 * for a cluster may have nothing else, but rather where no taint is. Nodes go by their names, which
 * their label {@code kubernetes.io/hostname} need not be.
 *
 * @param tolerations of the taints of nodes that can run an agent; never of those that the cluster
 *     itself puts on a node that is not well
 * @param tainted names of the nodes that have such taints, where there are others as well
 */
record Placement(List<Toleration> tolerations, List<String> tainted) {
  private static final String TROUBLE = "node.kubernetes.io/";

  static Placement among(List<Node> nodes) {
    List<Node> able =
        nodes.stream()
            .filter(n -> AgentNodes.not(n).isEmpty() && !Protection.controlPlane(n))
            .toList();
    List<Node> tainted = able.stream().filter(n -> purposes(n).findAny().isPresent()).toList();
    List<Toleration> tolerations =
        tainted.stream()
            .flatMap(Placement::purposes)
            .map(t ->
                new TolerationBuilder()
                    .withKey(t.getKey())
                    .withOperator("Exists")
                    .withEffect(t.getEffect())
                    .build())
            .distinct()
            .sorted(Comparator.comparing(Toleration::getKey).thenComparing(Toleration::getEffect))
            .toList();
    return new Placement(
        tolerations,
        tainted.size() == able.size()
            ? List.of()
            : tainted.stream().map(NodeSelectorTerms::name).sorted().toList());
  }

  private static Stream<Taint> purposes(Node node) {
    return Pods.taints(node).stream()
        .filter(t -> t.getKey() != null && !t.getKey().startsWith(TROUBLE))
        .filter(t -> !"PreferNoSchedule".equals(t.getEffect()));
  }

  /**
   * @param never a node where it must not stand; empty for none
   * @return null where every node is as good as another
   */
  @Nullable Affinity affinity(String never) {
    return affinity(never.isEmpty() ? List.of() : List.of(never));
  }

  /**
   * @param never nodes where it must not stand
   * @return null where every node is as good as another
   */
  @Nullable Affinity affinity(List<String> never) {
    if (never.isEmpty() && tainted.isEmpty()) {
      return null;
    }
    var affinity = new AffinityBuilder().withNewNodeAffinity().endNodeAffinity();
    if (!never.isEmpty()) {
      affinity
          .editNodeAffinity()
          .withNewRequiredDuringSchedulingIgnoredDuringExecution()
          .addNewNodeSelectorTerm()
          .withMatchFields(never.stream().map(Placement::not).toList())
          .endNodeSelectorTerm()
          .endRequiredDuringSchedulingIgnoredDuringExecution()
          .endNodeAffinity();
    }
    if (!tainted.isEmpty()) {
      affinity
          .editNodeAffinity()
          .addNewPreferredDuringSchedulingIgnoredDuringExecution()
          .withWeight(100)
          .withNewPreference()
          .withMatchFields(tainted.stream().map(Placement::not).toList())
          .endPreference()
          .endPreferredDuringSchedulingIgnoredDuringExecution()
          .endNodeAffinity();
    }
    return affinity.build();
  }

  private static NodeSelectorRequirement not(String node) {
    return new NodeSelectorRequirementBuilder()
        .withKey("metadata.name")
        .withOperator("NotIn")
        .withValues(node)
        .build();
  }
}
