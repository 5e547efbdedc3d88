package dev.muster.fault;

import dev.muster.drill.Effect;
import dev.muster.drill.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.InstantSource;
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
  private final InstantSource clock;
  private final Pause pause;
  private boolean armed;
  private boolean tried;
  private boolean on;

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
      InstantSource clock,
      Pause pause,
      Consumer<Event> timeline) {
    this.account = new Account(id, "NodeShutdown", node, clock, timeline);
    this.power = new PowerSwitch(account, node, power, new Sight(silence), pause);
    this.sight = new Sight(booted);
    this.clock = clock;
    this.pause = pause;
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
        clock.instant().plus(VERIFY),
        Map.of("power", power.power().describe(), "node", power.node()));
    account.injected(account.now());
    synchronized (this) {
      armed = true;
      try {
        power.off();
      } catch (RuntimeException e) {
        account.notVerified(String.valueOf(e.getMessage()));
        return false;
      }
    }
    return revert("a reboot") && account.verified(sight, VERIFY, pause, STEP, Map::of);
  }

  @Override
  public synchronized boolean revert(String why) {
    if (!armed || on) {
      return true;
    }
    on = power.on(why, tried ? PowerSwitch.AGAIN : PowerSwitch.BACK);
    tried = true;
    return on;
  }
}
