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
public final class ApiFault implements FaultInjection {
  private static final Duration VERIFY = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(30);

  private static final Duration STEP = Duration.ofMillis(300);

  private final FaultEventRecorder recorder;
  private final @Nullable Duration ttl;
  private final ApiDeed deed;
  private final GuardedEffect guarded;
  private final EffectMonitor monitor;
  private final Time time;
  private final FaultMutex mutex;
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
    this.recorder = new FaultEventRecorder(id, kind, victim, time, timeline);
    this.ttl = ttl;
    this.deed = deed;
    this.guarded = new GuardedEffect(effect);
    this.monitor = new EffectMonitor(recorder, guarded);
    this.time = time;
    this.mutex = new FaultMutex(time);
  }

  @Override
  public String id() {
    return recorder.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    long called = time.nanos();
    if (!recorder.mayBegin(guarded)) {
      return false;
    }
    recorder.armed(ttl == null ? null : time.instant().plus(ttl), deed.identity());
    Instant began = time.instant();
    arming = Duration.ofNanos(time.nanos() - called);
    if (!apply(began) || !recorder.verified(guarded, VERIFY, time::sleep, STEP, Map::of)) {
      return false;
    }
    monitor.begin(began);
    return true;
  }

  /** In its turn: an undo that came first must not be followed by the deed. */
  private boolean apply(Instant began) {
    mutex.take();
    try {
      if (reverted) {
        recorder.notVerified("reverted before it was injected");
        return false;
      }
      armed = true;
      recorder.injected(Stamp.engine(began));
      try {
        deed.apply();
        return true;
      } catch (RuntimeException e) {
        recorder.notVerified("the cluster refused: " + e.getMessage());
        return false;
      }
    } finally {
      mutex.give();
    }
  }

  @Override
  public Duration arming() {
    return arming;
  }

  @Override
  public void look() throws InterruptedException {
    if (monitor.due()) {
      monitor.look(false);
    }
  }

  @Override
  public boolean revert(String why) {
    int before = attempts;
    mutex.take();
    try {
      if (reverted || !armed) {
        reverted = true;
      } else if (attempts == before) {
        undo(why);
        attempts = before + 1;
      }
      return reverted;
    } finally {
      mutex.give();
    }
  }

  private void undo(String why) {
    boolean interrupted = Thread.interrupted();
    monitor.end();
    recorder.tell(new Event.FaultReverting(recorder.now(), recorder.fault(), why));
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
        recorder.notReverted(left);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      recorder.revertUnseen("interrupted");
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
    if (guarded.effect().lasts()) {
      Effect.Look look = guarded.end(guarded.effect().ending(), time, time::sleep);
      if (!(look instanceof Effect.Over seen)) {
        String why = deed.identity() + " is gone, but " + GuardedEffect.text(look);
        if (look instanceof Effect.Untold) {
          recorder.revertUnseen(why);
        } else {
          recorder.notReverted(why);
        }
        return false;
      }
      evidence.putAll(seen.evidence());
      if (!stillUndone()) {
        return false;
      }
    }
    recorder.reverted(undone, "api-server", evidence);
    return true;
  }

  /** What was asked for may have come late, on a path that hung. */
  private boolean stillUndone() {
    try {
      if (deed.undone()) {
        return true;
      }
      recorder.notReverted("there again: " + deed.identity());
    } catch (RuntimeException e) {
      recorder.revertUnseen(String.valueOf(e.getMessage()));
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
