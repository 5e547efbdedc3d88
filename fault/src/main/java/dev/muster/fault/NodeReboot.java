package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Power off and on again at once. The undo is part of the deed; it is armed all the same, for
 * Muster may die between the two.
 */
public final class NodeReboot implements FaultInjection {
  private static final Duration VERIFY = Duration.ofMinutes(3);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final FaultEventRecorder recorder;
  private final PowerSwitch power;
  private final GuardedEffect guarded;
  private final Time time;
  private final FaultMutex mutex;
  private volatile boolean armed;
  private volatile int attempts;
  private volatile boolean on;

  /**
   * @param booted what shows that the node was started anew
   * @param silence over when it is back
   */
  public NodeReboot(
      String id,
      ObjectRef.Node node,
      Power power,
      Effect booted,
      Effect silence,
      Time time,
      Consumer<Event> timeline) {
    this.recorder = new FaultEventRecorder(id, "NodeShutdown", node, time, timeline);
    this.power = new PowerSwitch(recorder, node, power, new GuardedEffect(silence), time::sleep);
    this.guarded = new GuardedEffect(booted);
    this.time = time;
    this.mutex = new FaultMutex(time);
  }

  @Override
  public String id() {
    return recorder.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    String objection = power.objection();
    if (!objection.isEmpty()) {
      recorder.notVerified("not injected: " + objection);
      return false;
    }
    if (!recorder.mayBegin(power.silence()) || !recorder.mayBegin(guarded)) {
      return false;
    }
    recorder.armed(
        time.instant().plus(VERIFY),
        Map.of("power", power.power().describe(), "node", power.node()));
    recorder.injected(recorder.now());
    mutex.take();
    try {
      armed = true;
      power.off();
    } catch (RuntimeException e) {
      recorder.notVerified(String.valueOf(e.getMessage()));
      return false;
    } finally {
      mutex.give();
    }
    return revert("a reboot") && recorder.verified(guarded, VERIFY, time::sleep, STEP, Map::of);
  }

  @Override
  public boolean revert(String why) {
    int before = attempts;
    mutex.take();
    try {
      if (!armed || on) {
        return true;
      }
      if (attempts == before) {
        on = power.on(why, before == 0 ? PowerSwitch.BACK : PowerSwitch.AGAIN);
        attempts = before + 1;
      }
      return on;
    } finally {
      mutex.give();
    }
  }
}
