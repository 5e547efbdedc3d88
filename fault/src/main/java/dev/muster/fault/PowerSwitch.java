package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A node's power as faults use it. What the provider says is told and not believed: whether the
 * node is off or on is what the cluster shows.
 *
 * @param silence seen while the node is off, over when it is back
 */
record PowerSwitch(
    FaultEventRecorder recorder,
    ObjectRef.Node victim,
    Power power,
    GuardedEffect silence,
    Sleeper sleeper) {
  /** A server of one's own takes minutes from its power to its kubelet. */
  static final Duration BACK = Duration.ofMinutes(10);

  /** Where that was waited for already. */
  static final Duration AGAIN = Duration.ofMinutes(1);

  String node() {
    return victim.name();
  }

  /** Why nobody should be switched off by this provider; empty where nothing speaks against it. */
  String objection() {
    try {
      return power.state(node()) == Power.State.OFF
          ? "the provider says that " + node() + " is off already"
          : "";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** In the provider's words, for evidence. */
  String state() {
    try {
      return power.state(node()).toString();
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  void off() {
    Instant began = recorder.clock().instant();
    power.off(node());
    Instant now = recorder.clock().instant();
    reached(new Stamp(now, "power", null, Duration.between(began, now)), Milestone.POWER_OFF);
  }

  /** Switches on and waits so long until the cluster shows it; true if it did. */
  boolean on(String why, Duration atMost) {
    // an interrupt, as of Ctrl-C, must not keep the node off
    boolean interrupted = Thread.interrupted();
    recorder.tell(new Event.FaultReverting(recorder.now(), recorder.fault(), why));
    try {
      power.on(node());
      Instant undone = recorder.clock().instant();
      reached(recorder.now(), Milestone.POWER_ON);
      Effect.Look look = silence.end(atMost, recorder.clock(), sleeper);
      if (look instanceof Effect.Over back) {
        Map<String, String> evidence = new LinkedHashMap<>(back.evidence());
        evidence.put("power", state());
        recorder.reverted(undone, "power", evidence);
        return true;
      }
      String left =
          "%s was switched on and %s within %d s: %s; the provider says %s"
              .formatted(
                  node(),
                  look instanceof Effect.Untold ? "nobody could look for it" : "did not come back",
                  atMost.toSeconds(),
                  GuardedEffect.text(look),
                  state());
      if (look instanceof Effect.Untold) {
        recorder.revertUnseen(left);
      } else {
        recorder.notReverted(left);
      }
    } catch (RuntimeException e) {
      recorder.notReverted(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      interrupted = true;
      recorder.revertUnseen("interrupted while waiting for " + node());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return false;
  }

  private void reached(Stamp at, Milestone milestone) {
    recorder.tell(
        new Event.MilestoneReached(at, milestone, victim, Map.of("provider", power.describe())));
  }
}
