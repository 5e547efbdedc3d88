package dev.muster.fault;

import dev.muster.drill.Power;
import dev.muster.drill.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Power off of one node. The effect counts as verified when the node's lease was not renewed for
 * longer than its interval and the kubelet does not answer: both are independent of the provider,
 * whose own word is not believed. Safe for several threads; each method may be called again.
 */
public final class NodeShutdown implements Disturbance {
  /** kubelet renews every 10 s with 4 % jitter (nodeLeaseRenewIntervalFraction 0.25 of 40 s). */
  private static final Duration SILENCE = Duration.ofSeconds(12);

  private static final Duration VERIFY = Duration.ofSeconds(30);
  private static final int TTL_TRIES = 300;
  private static final Duration TTL_STEP = Duration.ofSeconds(2);
  private static final Duration BACK = Duration.ofMinutes(2);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final String id;
  private final ObjectRef.Node victim;
  private final String node;
  private final Duration ttl;
  private final Power power;
  private final NodeProbe probe;
  private final Time time;
  private final Consumer<Event> timeline;
  private boolean armed;
  private boolean reverted;

  public NodeShutdown(
      String id,
      ObjectRef.Node node,
      Duration ttl,
      Power power,
      NodeProbe probe,
      Time time,
      Consumer<Event> timeline) {
    this.id = id;
    this.victim = node;
    this.node = node.name();
    this.ttl = ttl;
    this.power = power;
    this.probe = probe;
    this.time = time;
    this.timeline = timeline;
  }

  /** The fault of an earlier process, as its journal tells it: it can be reverted at once. */
  public static NodeShutdown armedBefore(
      Event.FaultArmed fault,
      Power power,
      NodeProbe probe,
      Time time,
      Consumer<Event> timeline) {
    NodeShutdown shutdown =
        new NodeShutdown(
            fault.fault(),
            new ObjectRef.Node(fault.victim().name(), fault.victim().uid()),
            Duration.ZERO,
            power,
            probe,
            time,
            timeline);
    shutdown.armed = true;
    return shutdown;
  }

  @Override
  public String id() {
    return id;
  }

  /** Announces, switches off, and looks for the effect; false if that was not seen within 30 s. */
  @Override
  public boolean inject() throws InterruptedException {
    timeline.accept(
        new Event.FaultArmed(
            now(),
            id,
            "NodeShutdown",
            victim,
            time.instant().plus(ttl),
            Map.of("power", power.describe(), "node", node)));
    synchronized (this) {
      armed = true;
    }
    time.start("ttl-" + id, this::revertAtTtl);
    Instant began = time.instant();
    timeline.accept(new Event.FaultInjected(now(), id, "NodeShutdown", victim));
    try {
      // under the lock: an undo that came first must not be followed by the deed
      synchronized (this) {
        if (reverted) {
          timeline.accept(
              new Event.FaultNotVerified(now(), id, "reverted before the node was switched off"));
          return false;
        }
        power.off(node);
      }
    } catch (RuntimeException e) {
      timeline.accept(new Event.FaultNotVerified(now(), id, String.valueOf(e.getMessage())));
      return false;
    }
    timeline.accept(
        new Event.MilestoneReached(
            new Stamp(time.instant(), "power", null, Duration.between(began, time.instant())),
            Milestone.POWER_OFF,
            victim,
            Map.of("provider", power.describe())));
    return verify(began);
  }

  private boolean verify(Instant began) throws InterruptedException {
    Optional<Instant> renewal = lastRenewal();
    Instant quietSince = time.instant();
    boolean reachable = true;
    while (time.instant().isBefore(began.plus(VERIFY))) {
      Optional<Instant> latest = lastRenewal();
      // a lease that can not be read is no silent lease: the silence begins anew
      if (latest.isEmpty() || !latest.equals(renewal)) {
        renewal = latest;
        quietSince = time.instant();
      }
      Duration quiet = Duration.between(quietSince, time.instant());
      if (quiet.compareTo(SILENCE) >= 0) {
        reachable = reachable();
        if (!reachable) {
          timeline.accept(
              new Event.FaultVerified(
                  now(),
                  id,
                  Map.of(
                      "lease",
                      "not renewed for "
                          + quiet.toSeconds()
                          + " s, last "
                          + renewal.map(Instant::toString).orElse("never"),
                      "kubelet",
                      "does not answer",
                      "power",
                      state().toString())));
          return true;
        }
      }
      time.sleep(STEP);
    }
    timeline.accept(
        new Event.FaultNotVerified(
            now(),
            id,
            "%d s after power off the node's lease was last renewed at %s and its kubelet %s"
                .formatted(
                    VERIFY.toSeconds(),
                    renewal.map(Instant::toString).orElse("an unknown time"),
                    reachable() ? "answers" : "does not answer")));
    return false;
  }

  /** The API server may itself be busy with the loss of the node: then nothing was seen. */
  private Optional<Instant> lastRenewal() {
    try {
      return probe.lastRenewal(node);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private boolean reachable() {
    try {
      return probe.reachable(node);
    } catch (RuntimeException e) {
      return true; // not seen to be gone
    }
  }

  private Power.State state() {
    try {
      return power.state(node);
    } catch (RuntimeException e) {
      return Power.State.UNKNOWN;
    }
  }

  /** Switches the node on again and waits until the provider says so; true if it did. */
  @Override
  public synchronized boolean revert(String why) {
    if (!armed || reverted) {
      return reverted;
    }
    // an interrupt, as of Ctrl-C, must not keep the node off
    boolean interrupted = Thread.interrupted();
    tell(new Event.FaultReverting(now(), id, why));
    try {
      power.on(node);
      tell(new Event.MilestoneReached(now(), Milestone.POWER_ON, victim, Map.of()));
      Power.State state = awaitOn();
      reverted = state != Power.State.OFF;
      tell(
          reverted
              ? new Event.FaultReverted(now(), id, Map.of("power", state.toString()))
              : new Event.FaultNotReverted(
                  now(), id, "the provider says that " + node + " is still off"));
    } catch (RuntimeException e) {
      tell(new Event.FaultNotReverted(now(), id, String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tell(new Event.FaultNotReverted(now(), id, "interrupted while waiting for " + node));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return reverted;
  }

  private Power.State awaitOn() throws InterruptedException {
    Instant deadline = time.instant().plus(BACK);
    Power.State state = state();
    while (state == Power.State.OFF && time.instant().isBefore(deadline)) {
      time.sleep(STEP);
      state = state();
    }
    return state;
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

  /**
   * The undo must not fail because its announcement does: a full disk is no reason to leave a node
   * off.
   */
  private void tell(Event event) {
    try {
      timeline.accept(event);
    } catch (RuntimeException e) {
      System.err.println("muster: can not write to the timeline: " + e.getMessage());
    }
  }

  private Stamp now() {
    return Stamp.engine(time.instant());
  }
}
