package dev.muster.fault;

import dev.muster.drill.ApiDeed;
import dev.muster.drill.Effect;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fault that is made through the API server: a deleted pod, a NetworkPolicy. */
public final class ApiFault implements Disturbance {
  private static final Duration VERIFY = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(30);

  /** After the undo somebody has to see its end. */
  private static final Duration OVER = Duration.ofSeconds(90);

  private static final Duration STEP = Duration.ofMillis(300);

  private final Account account;
  private final @Nullable Duration ttl;
  private final ApiDeed deed;
  private final Sight sight;
  private final Vigil vigil;
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
    this.vigil = new Vigil(account, sight);
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
    account.armed(ttl == null ? null : clock.instant().plus(ttl), deed.identity());
    Instant began = clock.instant();
    // under the lock: an undo that came first must not be followed by the deed
    synchronized (this) {
      if (reverted) {
        account.notVerified("reverted before it was injected");
        return false;
      }
      armed = true;
      account.injected(Stamp.engine(began));
      try {
        deed.apply();
      } catch (RuntimeException e) {
        account.notVerified("the cluster refused: " + e.getMessage());
        return false;
      }
    }
    if (!account.verified(sight, VERIFY, pause, STEP, Map::of)) {
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

  @Override
  public synchronized boolean revert(String why) {
    if (reverted || !armed) {
      reverted = true;
      return true;
    }
    boolean interrupted = Thread.interrupted();
    vigil.end();
    account.tell(new Event.FaultReverting(account.now(), account.fault(), why));
    try {
      Instant deadline = clock.instant().plus(END);
      String left = undo();
      while (!left.isEmpty() && clock.instant().isBefore(deadline)) {
        pause.of(STEP);
        left = undo();
      }
      if (left.isEmpty()) {
        reverted = over();
      } else {
        account.notReverted(left);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      account.notReverted("interrupted");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return reverted;
  }

  /** What was made is gone, as the API server says; whether that ended it is what others see. */
  private boolean over() throws InterruptedException {
    Instant undone = clock.instant();
    Map<String, String> evidence = new LinkedHashMap<>(deed.identity());
    if (sight.effect().lasts()) {
      Effect.Look look = sight.end(OVER, clock, pause);
      if (!(look instanceof Effect.Over seen)) {
        account.notReverted(deed.identity() + " is gone, but " + Sight.text(look));
        return false;
      }
      evidence.putAll(seen.evidence());
    }
    account.reverted(undone, "api-server", evidence);
    return true;
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
