package dev.muster.cluster.preflight;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.KindsOnCluster;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.RolloutStatus;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.cluster.select.Selection;
import dev.muster.cluster.select.TargetException;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.kind.FaultKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;

/** Whether the controllers of workloads would do what a drill's faults ask of them. */
public final class WorkloadPreflight {
  private WorkloadPreflight() {}

  /**
   * A sentence for each reason why a fault of workloads could not be done or seen now; empty where
   * all could, or the drill has none.
   *
   * @param there all workloads of the cluster
   * @throws TargetException if nobody is there to take
   */
  public static List<String> trouble(
      KubernetesClient client, Drill drill, Selection selection, List<HasMetadata> there) {
    List<String> trouble = new ArrayList<>();
    for (Fault fault : drill.faults()) {
      FaultKind kind = fault.kind();
      if (KindsOnCluster.of(kind) instanceof OnCluster.OfWorkloads<FaultKind> of) {
        for (HasMetadata workload :
            selection.workloads(fault, Selection.chance(drill, fault), there)) {
          state(workload, trouble);
          try {
            of.trouble(kind, client, workload).ifPresent(trouble::add);
          } catch (ClusterException e) { // it lacks what is asked for
            trouble.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }
    return trouble.stream().distinct().toList();
  }

  private static void state(HasMetadata workload, List<String> trouble) {
    String path = Workloads.ref(workload).path();
    if (WorkloadMark.of(workload).isPresent()) {
      trouble.add(
          "%s carries the label %s: left by an earlier run; run muster cleanup"
              .formatted(path, WorkloadMark.LABEL));
    } else if (!RolloutStatus.of(workload).complete()) {
      trouble.add(
          "%s is being rolled out already, or not all of it is available: %s"
              .formatted(path, RolloutStatus.of(workload).words()));
    }
  }
}
