package dev.muster.fault;

import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API server carries it, or a pod that is asked through it. */
record ApiCarrier(@Nullable Duration ttl, ApiDeed deed, GuardedEffect guarded, Time time)
    implements Carrier {
  private static final Duration END = Duration.ofSeconds(30);

  @Override
  public Map<String, String> identity() {
    return deed.identity();
  }

  @Override
  public Undoer undoer() {
    return ttl == null || deed.endsItself() ? Undoer.ITSELF : Undoer.MUSTER;
  }

  @Override
  public void apply() {
    deed.apply();
  }

  @Override
  public String refused() {
    return "the cluster refused: ";
  }

  @Override
  public void proceed() {
    deed.proceed();
  }

  @Override
  public Duration verify() {
    return deed.patience();
  }

  @Override
  public Duration step() {
    return deed.step();
  }

  @Override
  public End undo(boolean again) throws InterruptedException {
    Time.Deadline deadline = time.in(END);
    String left = left();
    while (!left.isEmpty() && !deadline.over()) {
      time.sleep(step());
      left = left();
    }
    return left.isEmpty() ? over() : new Left(left);
  }

  /**
   * What is left, or why it could not be taken back at this moment; empty where nothing is left.
   */
  private String left() {
    try {
      deed.undo();
      return deed.undone() ? "" : "still there: " + identity();
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** What was made is gone, as the API server says; whether that ended it is what others see. */
  private End over() throws InterruptedException {
    Instant undone = time.instant();
    Map<String, String> evidence = new LinkedHashMap<>(identity());
    if (guarded.effect().lasts()) {
      Effect.Look look = guarded.end(guarded.effect().ending(), time);
      if (!(look instanceof Effect.Over seen)) {
        return End.notOver(look, identity() + " is gone, but " + GuardedEffect.text(look));
      }
      evidence.putAll(seen.evidence());
      try {
        if (!deed.undone()) { // what was asked for may have come late, on a path that hung
          return new Left("there again: " + identity());
        }
      } catch (RuntimeException e) {
        return new Unseen(String.valueOf(e.getMessage()));
      }
    }
    return new Undone(undone, "api-server", evidence);
  }
}
