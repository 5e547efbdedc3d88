package dev.muster.cluster.preflight;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.KindsOnCluster;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.select.Selection;
import dev.muster.cluster.select.TargetException;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;

/** Whether pods would do what gray failures ask of them; they are only asked what they have. */
public final class GrayPreflight {
  private GrayPreflight() {}

  /**
   * A sentence for each reason why the pods that a drill's gray failures would take now would not
   * do them; empty where they would, or the drill has none.
   *
   * @throws TargetException if nobody is there to take
   */
  public static List<String> trouble(KubernetesClient client, Drill drill, Snapshot snapshot) {
    Selection selection = new Selection(drill, snapshot);
    List<String> trouble = new ArrayList<>();
    for (Fault fault : drill.faults()) {
      FaultKind kind = fault.kind();
      if (KindsOnCluster.of(kind) instanceof OnCluster.ByPod<FaultKind> by) {
        for (Pod pod : selection.pods(fault, Selection.chance(drill, fault))) {
          try {
            by.trouble(kind, client, pod).ifPresent(trouble::add);
          } catch (ClusterException e) { // it names no port
            trouble.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }
    return trouble.stream().distinct().toList();
  }

  /** Whether a drill asks for such failures. */
  public static boolean concerns(Drill drill) {
    return drill.faults().stream().anyMatch(f -> f.kind().is(Trait.BY_POD));
  }
}
