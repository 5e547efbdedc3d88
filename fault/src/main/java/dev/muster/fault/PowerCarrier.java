package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A node's power carries it. What the provider says is told and not believed: whether the node is
 * off or on is what the cluster shows.
 *
 * @param silence seen while the node is off, over when it is back
 * @param reboot whether it is switched on again at once
 */
record PowerCarrier(
    FaultEventRecorder recorder, Power power, GuardedEffect silence, Duration ttl, boolean reboot)
    implements Carrier {
  /** In this time a node is started anew. */
  static final Duration REBOOT = Duration.ofMinutes(3);

  /** A server of one's own takes minutes from its power to its kubelet. */
  private static final Duration BACK = Duration.ofMinutes(10);

  /** Where that was waited for already. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private String node() {
    return recorder.victim().name();
  }

  @Override
  public Optional<String> objection() throws InterruptedException {
    try {
      if (power.state(node()) == Power.State.OFF) {
        return Optional.of("the provider says that " + node() + " is off already");
      }
    } catch (RuntimeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    return reboot ? silence.before() : Optional.empty();
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("power", power.describe(), "node", node());
  }

  /** What is off can undo nothing. */
  @Override
  public Undoer undoer() {
    return reboot ? Undoer.MUSTER_AT_ONCE : Undoer.MUSTER;
  }

  @Override
  public void apply() {
    Instant began = recorder.clock().instant();
    power.off(node());
    Instant now = recorder.clock().instant();
    reached(new Stamp(now, "power", null, Duration.between(began, now)), Milestone.POWER_OFF);
  }

  @Override
  public Duration arming(Duration sinceCall) {
    return Duration.ZERO;
  }

  @Override
  public Duration verify() {
    return reboot ? REBOOT : Duration.ofSeconds(30);
  }

  @Override
  public Duration step() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Map<String, String> evidence(Map<String, String> seen) {
    return reboot ? seen : withState(seen);
  }

  /** Switches on and waits until the cluster shows it. */
  @Override
  public End undo(boolean again) throws InterruptedException {
    Duration atMost = again ? AGAIN : BACK;
    try {
      power.on(node());
      Instant undone = recorder.clock().instant();
      reached(recorder.now(), Milestone.POWER_ON);
      Effect.Look look = silence.end(atMost, recorder.clock());
      if (look instanceof Effect.Over back) {
        return new Undone(undone, "power", withState(back.evidence()));
      }
      return End.notOver(
          look,
          "%s was switched on and %s within %d s: %s; the provider says %s"
              .formatted(
                  node(),
                  look instanceof Effect.Untold ? "nobody could look for it" : "did not come back",
                  atMost.toSeconds(),
                  GuardedEffect.text(look),
                  state()));
    } catch (RuntimeException e) {
      return new Left(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String interrupted() {
    return " while waiting for " + node();
  }

  private Map<String, String> withState(Map<String, String> seen) {
    Map<String, String> evidence = new LinkedHashMap<>(seen);
    evidence.put("power", state());
    return evidence;
  }

  /** In the provider's words. */
  private String state() {
    try {
      return power.state(node()).toString();
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void reached(Stamp at, Milestone milestone) {
    recorder.tell(
        new Event.MilestoneReached(
            at, milestone, recorder.victim(), Map.of("provider", power.describe())));
  }
}
