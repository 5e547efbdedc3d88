package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Power off of one node. Both that it is off and that it is on again are believed when the cluster
 * shows it; the provider's own word is not. Safe for several threads; each method may be called
 * again.
 */
public final class NodeShutdown implements FaultInjection {
  private static final Duration VERIFY = Duration.ofSeconds(30);
  private static final int TTL_TRIES = 300;
  private static final Duration TTL_STEP = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final FaultEventRecorder recorder;
  private final Duration ttl;
  private final PowerSwitch power;
  private final GuardedEffect guarded;
  private final EffectMonitor monitor;
  private final Time time;
  private final FaultMutex mutex;
  private volatile int attempts;
  private volatile boolean armed;
  private volatile boolean reverted;

  /**
   * @param silence of the node, as others see it
   */
  public NodeShutdown(
      String id,
      ObjectRef.Node node,
      Duration ttl,
      Power power,
      Effect silence,
      Time time,
      Consumer<Event> timeline) {
    this.recorder = new FaultEventRecorder(id, "NodeShutdown", node, time, timeline);
    this.ttl = ttl;
    this.guarded = new GuardedEffect(silence);
    this.power = new PowerSwitch(recorder, node, power, guarded, time::sleep);
    this.monitor = new EffectMonitor(recorder, guarded);
    this.time = time;
    this.mutex = new FaultMutex(time);
  }

  /** The fault of an earlier process, as its journal tells it: it can be reverted at once. */
  public static NodeShutdown armedBefore(
      Event.FaultArmed fault, Power power, Effect silence, Time time, Consumer<Event> timeline) {
    NodeShutdown shutdown =
        new NodeShutdown(
            fault.fault(),
            new ObjectRef.Node(fault.victim().name(), fault.victim().uid()),
            Duration.ZERO,
            power,
            silence,
            time,
            timeline);
    shutdown.armed = true;
    return shutdown;
  }

  @Override
  public String id() {
    return recorder.fault();
  }

  /** Announces, switches off, and looks for the effect; false if that was not seen within 30 s. */
  @Override
  public boolean inject() throws InterruptedException {
    String objection = power.objection();
    if (!objection.isEmpty()) {
      recorder.notVerified("not injected: " + objection);
      return false;
    }
    if (!recorder.mayBegin(guarded)) {
      return false;
    }
    recorder.armed(
        recorder.clock().instant().plus(ttl),
        Map.of("power", power.power().describe(), "node", power.node()));
    armed = true;
    time.start("ttl-" + id(), this::revertAtTtl);
    Instant began = recorder.clock().instant();
    recorder.injected(recorder.now());
    try {
      if (!off()) {
        recorder.notVerified("reverted before the node was switched off");
        return false;
      }
    } catch (RuntimeException e) {
      recorder.notVerified(String.valueOf(e.getMessage()));
      return false;
    }
    if (!recorder.verified(
        guarded, VERIFY, time::sleep, STEP, () -> Map.of("power", power.state()))) {
      return false;
    }
    monitor.begin(began);
    return true;
  }

  /** In its turn: an undo that came first must not be followed by the deed. */
  private boolean off() {
    mutex.take();
    try {
      if (!reverted) {
        power.off();
      }
      return !reverted;
    } finally {
      mutex.give();
    }
  }

  @Override
  public void look() throws InterruptedException {
    if (monitor.due()) {
      monitor.look(false);
    }
  }

  /**
   * Switches the node on again and waits until the cluster shows it; true if it did. Whoever asks
   * while somebody else does so gets the same answer.
   */
  @Override
  public boolean revert(String why) {
    int before = attempts;
    mutex.take();
    try {
      if (!armed || reverted) {
        reverted = true;
      } else if (attempts == before) {
        monitor.end();
        reverted = power.on(why, before == 0 ? PowerSwitch.BACK : PowerSwitch.AGAIN);
        attempts = before + 1;
      }
      return reverted;
    } finally {
      mutex.give();
    }
  }

  private void revertAtTtl() {
    try {
      time.sleep(ttl);
      // a provider that refuses now may not in a moment
      for (int tries = 0; tries < TTL_TRIES; tries++) {
        if (revert("ttl of " + ttl.toSeconds() + " s is over")) {
          return;
        }
        time.sleep(TTL_STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
