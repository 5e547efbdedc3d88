package dev.muster.fault;

import dev.muster.drill.Effect;
import dev.muster.drill.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Power off and on again at once. The undo is part of the deed; it is armed all the same, for
 * Muster may die between the two.
 */
public final class NodeReboot implements Disturbance {
  private static final Duration VERIFY = Duration.ofMinutes(3);
  private static final Duration BACK = Duration.ofMinutes(2);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Account account;
  private final ObjectRef.Node victim;
  private final String node;
  private final Power power;
  private final Sight sight;
  private final InstantSource clock;
  private final Pause pause;
  private boolean armed;
  private boolean on;

  public NodeReboot(
      String id,
      ObjectRef.Node node,
      Power power,
      Effect effect,
      InstantSource clock,
      Pause pause,
      Consumer<Event> timeline) {
    this.account = new Account(id, "NodeShutdown", node, clock, timeline);
    this.node = node.name();
    this.victim = node;
    this.power = power;
    this.sight = new Sight(effect);
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public String id() {
    return account.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    if (!account.mayBegin(sight)) {
      return false;
    }
    account.armed(clock.instant().plus(VERIFY), Map.of("power", power.describe(), "node", node));
    account.injected(account.now());
    synchronized (this) {
      armed = true;
      try {
        power.off(node);
        reached(Milestone.POWER_OFF);
      } catch (RuntimeException e) {
        account.notVerified(String.valueOf(e.getMessage()));
        return false;
      }
    }
    return revert("a reboot") && account.verified(sight, VERIFY, pause, STEP);
  }

  @Override
  public synchronized boolean revert(String why) {
    if (!armed || on) {
      return true;
    }
    // an interrupt, as of Ctrl-C, must not keep the node off
    boolean interrupted = Thread.interrupted();
    account.tell(new Event.FaultReverting(account.now(), account.fault(), why));
    try {
      power.on(node);
      on = awaitOn();
      reached(Milestone.POWER_ON);
      account.tell(
          on
              ? new Event.FaultReverted(account.now(), account.fault(), Map.of("power", "on"))
              : new Event.FaultNotReverted(
                  account.now(), account.fault(), "the provider says that " + node + " is off"));
    } catch (RuntimeException e) {
      account.tell(
          new Event.FaultNotReverted(
              account.now(), account.fault(), String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      interrupted = true;
      account.tell(
          new Event.FaultNotReverted(
              account.now(), account.fault(), "interrupted while waiting for " + node));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return on;
  }

  /** A node that was told to begin needs a moment before its provider calls it on. */
  private boolean awaitOn() throws InterruptedException {
    Instant deadline = clock.instant().plus(BACK);
    while (power.state(node) == Power.State.OFF) {
      if (!clock.instant().isBefore(deadline)) {
        return false;
      }
      pause.of(STEP);
    }
    return true;
  }

  private void reached(Milestone milestone) {
    account.tell(
        new Event.MilestoneReached(
            Stamp.engine(clock.instant()),
            milestone,
            victim,
            Map.of("provider", power.describe())));
  }
}
