package dev.muster.fault;

import dev.muster.drill.ApiDeed;
import dev.muster.drill.Effect;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
  private final InstantSource clock;
  private final Pause pause;
  private boolean armed;
  private boolean reverted;

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
      InstantSource clock,
      Pause pause,
      Consumer<Event> timeline) {
    this.account = new Account(id, kind, victim, clock, timeline);
    this.ttl = ttl;
    this.deed = deed;
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
    account.armed(clock.instant().plus(ttl == null ? Duration.ZERO : ttl), deed.identity());
    account.injected(account.now());
    // under the lock: an undo that came first must not be followed by the deed
    synchronized (this) {
      if (reverted) {
        account.notVerified("reverted before it was injected");
        return false;
      }
      armed = true;
      try {
        deed.apply();
      } catch (RuntimeException e) {
        account.notVerified("the cluster refused: " + e.getMessage());
        return false;
      }
    }
    return account.verified(sight, VERIFY, pause, STEP);
  }

  @Override
  public synchronized boolean revert(String why) {
    if (reverted || !armed) {
      reverted = true;
      return true;
    }
    boolean interrupted = Thread.interrupted();
    account.tell(new Event.FaultReverting(account.now(), account.fault(), why));
    try {
      Instant deadline = clock.instant().plus(END);
      String left = undo();
      while (!left.isEmpty() && clock.instant().isBefore(deadline)) {
        pause.of(STEP);
        left = undo();
      }
      reverted = left.isEmpty();
      account.tell(
          reverted
              ? new Event.FaultReverted(account.now(), account.fault(), deed.identity())
              : new Event.FaultNotReverted(account.now(), account.fault(), left));
    } catch (InterruptedException e) {
      interrupted = true;
      account.tell(new Event.FaultNotReverted(account.now(), account.fault(), "interrupted"));
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return reverted;
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
