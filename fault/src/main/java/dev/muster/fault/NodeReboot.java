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
public final class NodeReboot implements Disturbance {
  private static final Duration VERIFY = Duration.ofMinutes(3);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Account account;
  private final PowerSwitch power;
  private final Sight sight;
  private final Time time;
  private final Turn turn;
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
    this.account = new Account(id, "NodeShutdown", node, time, timeline);
    this.power = new PowerSwitch(account, node, power, new Sight(silence), time::sleep);
    this.sight = new Sight(booted);
    this.time = time;
    this.turn = new Turn(time);
  }

  @Override
  public String id() {
    return account.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    String objection = power.objection();
    if (!objection.isEmpty()) {
      account.notVerified("not injected: " + objection);
      return false;
    }
    if (!account.mayBegin(power.silence()) || !account.mayBegin(sight)) {
      return false;
    }
    account.armed(
        time.instant().plus(VERIFY),
        Map.of("power", power.power().describe(), "node", power.node()));
    account.injected(account.now());
    turn.take();
    try {
      armed = true;
      power.off();
    } catch (RuntimeException e) {
      account.notVerified(String.valueOf(e.getMessage()));
      return false;
    } finally {
      turn.give();
    }
    return revert("a reboot") && account.verified(sight, VERIFY, time::sleep, STEP, Map::of);
  }

  @Override
  public boolean revert(String why) {
    int before = attempts;
    turn.take();
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
      turn.give();
    }
  }
}
