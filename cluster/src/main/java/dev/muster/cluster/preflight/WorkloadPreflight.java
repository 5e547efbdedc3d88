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
import dev.muster.drill.Step;
import dev.muster.drill.kind.FaultKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
    Map<Fault, Set<String>> taken = new HashMap<>();
    for (Fault fault : drill.faults()) {
      FaultKind kind = fault.kind();
      if (KindsOnCluster.of(kind) instanceof OnCluster.OfWorkloads<FaultKind> of) {
        List<HasMetadata> chosen =
            selection.workloads(fault, Selection.chance(drill, fault), there);
        taken.put(fault, paths(chosen));
        for (HasMetadata workload : chosen) {
          state(workload, trouble);
          try {
            of.trouble(kind, client, workload).ifPresent(trouble::add);
          } catch (ClusterException e) { // it lacks what is asked for
            trouble.add(String.valueOf(e.getMessage()));
          }
        }
      }
    }
    drill.steps().forEach(step -> together(step, taken, trouble));
    return trouble.stream().distinct().toList();
  }

  private static Set<String> paths(List<HasMetadata> workloads) {
    return workloads.stream()
        .map(w -> Workloads.ref(w).path())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Who is taken twice at the same time: the second fault would find the mark of the first. */
  private static void together(Step step, Map<Fault, Set<String>> taken, List<String> trouble) {
    switch (step) {
      case Fault _, Step.Hold _ -> {
        // one alone
      }
      case Step.Serial serial -> serial.steps().forEach(s -> together(s, taken, trouble));
      case Step.Parallel parallel -> {
        Set<String> before = new HashSet<>();
        for (Step branch : parallel.steps()) {
          together(branch, taken, trouble);
          Set<String> now =
              Step.faults(branch)
                  .flatMap(fault -> taken.getOrDefault(fault, Set.of()).stream())
                  .collect(Collectors.toCollection(TreeSet::new));
          now.stream()
              .filter(before::contains)
              .forEach(path ->
                  trouble.add(
                      path
                          + " is taken by two faults of a parallel part, and one would not begin"
                          + " while the other has it; put them one after the other"));
          before.addAll(now);
        }
      }
    }
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
