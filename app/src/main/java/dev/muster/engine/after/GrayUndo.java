package dev.muster.engine.after;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.KindsOnCluster;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.port.ApiUndo;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Ends a gray failure of a run that was killed, by what its journal says of it. One that cannot be
 * asked for ends by itself at its ttl, or with its pod; nobody saw that then.
 */
record GrayUndo(KubernetesClient client, Time time, Consumer<Event> timeline) {
  /** True if the pod has it no more, or is no more. */
  boolean undo(Event.FaultArmed fault) {
    try {
      ApiUndo left = left(fault);
      left.undo();
      boolean there = !left.undone();
      timeline.accept(
          there
              ? new Event.FaultNotReverted(
                  now(), fault.fault(), "the pod says that it still has it")
              : new Event.FaultReverted(now(), fault.fault(), Map.of("pod", "has it no more")));
      return !there;
    } catch (ClusterException e) {
      timeline.accept(
          new Event.FaultRevertUnseen(now(), fault.fault(), String.valueOf(e.getMessage())));
      return false;
    }
  }

  private ApiUndo left(Event.FaultArmed fault) {
    if (KindsOnCluster.named(fault.kind()).orElseThrow() instanceof OnCluster.ByPod<?> by) {
      return by.left(client, fault.undo());
    }
    throw new IllegalArgumentException(fault.kind() + " is done by no pod itself");
  }

  private Stamp now() {
    return Stamp.engine(time.instant());
  }
}
