package dev.muster.fault;

import dev.muster.drill.Effect;
import dev.muster.drill.Power;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Power off of one node. Both that it is off and that it is on again are believed when the cluster
 * shows it; the provider's own word is not. Safe for several threads; each method may be called
 * again.
 */
public final class NodeShutdown implements Disturbance {
  private static final Duration VERIFY = Duration.ofSeconds(30);
  private static final int TTL_TRIES = 300;
  private static final Duration TTL_STEP = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Account account;
  private final Duration ttl;
  private final PowerSwitch power;
  private final Sight sight;
  private final Vigil vigil;
  private final Pause pause;
  private boolean armed;
  private boolean tried;
  private boolean reverted;

  /**
   * @param silence of the node, as others see it
   */
  public NodeShutdown(
      String id,
      ObjectRef.Node node,
      Duration ttl,
      Power power,
      Effect silence,
      InstantSource clock,
      Pause pause,
      Consumer<Event> timeline) {
    this.account = new Account(id, "NodeShutdown", node, clock, timeline);
    this.ttl = ttl;
    this.sight = new Sight(silence);
    this.power = new PowerSwitch(account, node, power, sight, pause);
    this.vigil = new Vigil(account, sight);
    this.pause = pause;
  }

  /** The fault of an earlier process, as its journal tells it: it can be reverted at once. */
  public static NodeShutdown armedBefore(
      Event.FaultArmed fault,
      Power power,
      Effect silence,
      InstantSource clock,
      Pause pause,
      Consumer<Event> timeline) {
    NodeShutdown shutdown =
        new NodeShutdown(
            fault.fault(),
            new ObjectRef.Node(fault.victim().name(), fault.victim().uid()),
            Duration.ZERO,
            power,
            silence,
            clock,
            pause,
            timeline);
    shutdown.armed = true;
    return shutdown;
  }

  @Override
  public String id() {
    return account.fault();
  }

  /** Announces, switches off, and looks for the effect; false if that was not seen within 30 s. */
  @Override
  public boolean inject() throws InterruptedException {
    String objection = power.objection();
    if (!objection.isEmpty()) {
      account.notVerified("not injected: " + objection);
      return false;
    }
    if (!account.mayBegin(sight)) {
      return false;
    }
    account.armed(
        account.clock().instant().plus(ttl),
        Map.of("power", power.power().describe(), "node", power.node()));
    synchronized (this) {
      armed = true;
    }
    Thread.ofVirtual().name("ttl-" + id()).start(this::revertAtTtl);
    Instant began = account.clock().instant();
    account.injected(account.now());
    try {
      // under the lock: an undo that came first must not be followed by the deed
      synchronized (this) {
        if (reverted) {
          account.notVerified("reverted before the node was switched off");
          return false;
        }
        power.off();
      }
    } catch (RuntimeException e) {
      account.notVerified(String.valueOf(e.getMessage()));
      return false;
    }
    if (!account.verified(sight, VERIFY, pause, STEP, () -> Map.of("power", power.state()))) {
      return false;
    }
    vigil.begin(began);
    return true;
  }

  @Override
  public void look() throws InterruptedException {
    if (vigil.due()) {
      vigil.look(false);
    }
  }

  /** Switches the node on again and waits until the cluster shows it; true if it did. */
  @Override
  public synchronized boolean revert(String why) {
    if (!armed || reverted) {
      reverted = true;
      return true;
    }
    vigil.end();
    reverted = power.on(why, tried ? PowerSwitch.AGAIN : PowerSwitch.BACK);
    tried = true;
    return reverted;
  }

  private void revertAtTtl() {
    try {
      pause.of(ttl);
      // a provider that refuses now may not in a moment
      for (int tries = 0; tries < TTL_TRIES; tries++) {
        if (revert("ttl of " + ttl.toSeconds() + " s is over")) {
          return;
        }
        pause.of(TTL_STEP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
