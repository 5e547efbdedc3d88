package dev.muster.verdict.recovery;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.PodSeen;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Pods of the workloads that faults change: their controllers end them and make others, which is
 * the drill's own doing, as is the way back.
 */
public final class ChangedWorkloads {
  private ChangedWorkloads() {}

  /**
   * Whether a pod may have been told to go at that time because a fault had changed its workload,
   * or that was being taken back: when the way back has ended, nobody tells. It may have been too
   * where nobody told whose pod it is.
   */
  public static boolean mayEnd(History history, ObjectRef.Pod pod, Instant at) {
    List<ObjectRef> workloads =
        Recovery.events(history, PodSeen.class)
            .filter(seen -> seen.pod().is(pod))
            .map(PodSeen::workload)
            .toList();
    return begun(history)
        .filter(fault -> !fault.stamp().at().isAfter(at))
        .anyMatch(
            fault -> workloads.isEmpty() || workloads.stream().anyMatch(w -> w.is(fault.victim())));
  }

  /** When pods of theirs came, went, or began or ceased to serve, from the first fault on. */
  static Stream<Instant> turns(History history) {
    List<FaultInjected> begun = begun(history).toList();
    return Recovery.events(history, PodSeen.class)
        .filter(seen ->
            begun.stream()
                .filter(fault -> !fault.stamp().at().isAfter(seen.stamp().at()))
                .anyMatch(fault -> seen.workload().is(fault.victim())))
        .map(seen -> seen.stamp().at());
  }

  private static Stream<FaultInjected> begun(History history) {
    return Recovery.events(history, FaultInjected.class)
        .filter(fault -> Kinds.is(fault.kind(), Trait.OF_WORKLOADS));
  }
}
