package dev.muster.engine.after;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.Time;
import dev.muster.fault.Course;
import dev.muster.observe.effect.NodeSilent;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A node that a run switched off at some time. */
record SwitchedOff(KubernetesClient probe, String node, Power power, Time time) {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofSeconds(1);

  /** Asks its power and the cluster, and switches it on where it is off. */
  void undo(boolean dryRun, Tally tally) {
    Power.State state;
    try {
      state = power.state(node);
    } catch (Power.PowerException e) {
      tally.notLookedAt("power of " + node + ": " + e.getMessage());
      return;
    }
    boolean silent = now().filter(n -> !Pods.ready(n)).isPresent();
    switch (state) {
      case ON -> {
        if (silent) {
          tally.left("node " + node + " is not Ready although its provider says that it is on");
        }
      }
      case OFF -> on("node " + node + " is switched off", dryRun, tally);
      case UNKNOWN -> {
        if (silent) {
          on("node " + node + " is not Ready, and nothing tells its power", dryRun, tally);
        }
      }
    }
  }

  private void on(String found, boolean dryRun, Tally tally) {
    tally.found(found);
    if (dryRun) {
      return;
    }
    Event.FaultArmed armed =
        new Event.FaultArmed(
            Stamp.engine(time.instant()),
            "cleanup",
            "NodeShutdown",
            new ObjectRef.Node(node, null),
            null,
            Map.of());
    Course.armedBefore(
            armed,
            power,
            new NodeSilent(probe, node, false, time),
            time,
            event -> {
              if (event instanceof Event.FaultNotReverted failed) {
                tally.left(failed.why());
              } else if (event instanceof Event.FaultRevertUnseen unseen) {
                tally.left(unseen.why());
              }
            })
        .revert("cleanup");
    awaitReady();
  }

  /** An agent can look on it only then; otherwise the look on the nodes says that it is not. */
  private void awaitReady() {
    Instant deadline = time.instant().plus(READY);
    try {
      while (!ready() && time.instant().isBefore(deadline)) {
        time.sleep(STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ready() {
    try {
      return now().filter(Pods::ready).isPresent();
    } catch (KubernetesClientException e) {
      return false; // out of reach for a moment
    }
  }

  private Optional<Node> now() {
    return probe.nodes().list().getItems().stream()
        .filter(n -> n.getMetadata().getName().equals(node))
        .findFirst();
  }
}
