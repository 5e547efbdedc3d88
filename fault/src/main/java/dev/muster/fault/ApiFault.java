package dev.muster.fault;

import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fault that is made through the API server: a deleted pod, a NetworkPolicy. */
public final class ApiFault implements Disturbance {
  private static final Duration VERIFY = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(30);

  private static final Duration STEP = Duration.ofMillis(300);

  private final Account account;
  private final @Nullable Duration ttl;
  private final ApiDeed deed;
  private final Sight sight;
  private final Vigil vigil;
  private final Time time;
  private final Turn turn;
  private volatile int attempts;
  private volatile boolean armed;
  private volatile boolean reverted;
  private volatile Duration arming = Duration.ZERO;

  /**
   * @param ttl null where there is nothing to undo
   */
  public ApiFault(
      String id,
      String kind,
      ObjectRef.Victim victim,
      @Nullable Duration ttl,
      ApiDeed deed,
      Effect effect,
      Time time,
      Consumer<Event> timeline) {
    this.account = new Account(id, kind, victim, time, timeline);
    this.ttl = ttl;
    this.deed = deed;
    this.sight = new Sight(effect);
    this.vigil = new Vigil(account, sight);
    this.time = time;
    this.turn = new Turn(time);
  }

  @Override
  public String id() {
    return account.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    long called = time.nanos();
    if (!account.mayBegin(sight)) {
      return false;
    }
    account.armed(ttl == null ? null : time.instant().plus(ttl), deed.identity());
    Instant began = time.instant();
    arming = Duration.ofNanos(time.nanos() - called);
    if (!apply(began) || !account.verified(sight, VERIFY, time::sleep, STEP, Map::of)) {
      return false;
    }
    vigil.begin(began);
    return true;
  }

  /** In its turn: an undo that came first must not be followed by the deed. */
  private boolean apply(Instant began) {
    turn.take();
    try {
      if (reverted) {
        account.notVerified("reverted before it was injected");
        return false;
      }
      armed = true;
      account.injected(Stamp.engine(began));
      try {
        deed.apply();
        return true;
      } catch (RuntimeException e) {
        account.notVerified("the cluster refused: " + e.getMessage());
        return false;
      }
    } finally {
      turn.give();
    }
  }

  @Override
  public Duration arming() {
    return arming;
  }

  @Override
  public void look() throws InterruptedException {
    if (vigil.due()) {
      vigil.look(false);
    }
  }

  @Override
  public boolean revert(String why) {
    int before = attempts;
    turn.take();
    try {
      if (reverted || !armed) {
        reverted = true;
      } else if (attempts == before) {
        undo(why);
        attempts = before + 1;
      }
      return reverted;
    } finally {
      turn.give();
    }
  }

  private void undo(String why) {
    boolean interrupted = Thread.interrupted();
    vigil.end();
    account.tell(new Event.FaultReverting(account.now(), account.fault(), why));
    try {
      Time.Deadline deadline = time.in(END);
      String left = undo();
      while (!left.isEmpty() && !deadline.over()) {
        time.sleep(STEP);
        left = undo();
      }
      if (left.isEmpty()) {
        reverted = over();
      } else {
        account.notReverted(left);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      account.revertUnseen("interrupted");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What was made is gone, as the API server says; whether that ended it is what others see. */
  private boolean over() throws InterruptedException {
    Instant undone = time.instant();
    Map<String, String> evidence = new LinkedHashMap<>(deed.identity());
    if (sight.effect().lasts()) {
      Effect.Look look = sight.end(sight.effect().ending(), time, time::sleep);
      if (!(look instanceof Effect.Over seen)) {
        String why = deed.identity() + " is gone, but " + Sight.text(look);
        if (look instanceof Effect.Untold) {
          account.revertUnseen(why);
        } else {
          account.notReverted(why);
        }
        return false;
      }
      evidence.putAll(seen.evidence());
      if (!stillUndone()) {
        return false;
      }
    }
    account.reverted(undone, "api-server", evidence);
    return true;
  }

  /** What was asked for may have come late, on a path that hung. */
  private boolean stillUndone() {
    try {
      if (deed.undone()) {
        return true;
      }
      account.notReverted("there again: " + deed.identity());
    } catch (RuntimeException e) {
      account.revertUnseen(String.valueOf(e.getMessage()));
    }
    return false;
  }

  /**
   * What is left, or why it could not be taken back at this moment; empty where nothing is left.
   */
  private String undo() {
    try {
      deed.undo();
      return deed.undone() ? "" : "still there: " + deed.identity();
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
