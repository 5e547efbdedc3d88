package dev.muster.engine.run;

import dev.muster.drill.time.Time;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits of a run: for a condition, for a while, and always for an abort. */
public record Waiting(Abort abort, Time time) {
  private static final long STEP_NANOS = 200_000_000;

  public enum End {
    MET,
    TIMED_OUT,
    ABORTED
  }

  /** Returns as soon as the condition holds, the time is over or an abort is asked for. */
  public End until(BooleanSupplier condition, Duration atMost) throws InterruptedException {
    long deadline = time.nanos() + atMost.toNanos();
    while (true) {
      if (condition.getAsBoolean()) {
        return End.MET;
      }
      long left = deadline - time.nanos();
      // an abort ends also what takes no time: no fault may follow it
      if (abort.await(Duration.ofNanos(Math.clamp(left, 0, STEP_NANOS)))) {
        return End.ABORTED;
      }
      if (left <= 0) {
        return End.TIMED_OUT;
      }
    }
  }

  /** True if the whole time passed, false if an abort came first. */
  boolean pass(Duration length) throws InterruptedException {
    return until(() -> false, length) == End.TIMED_OUT;
  }

  /** True if an abort comes before the condition holds, however long that takes. */
  boolean untilAbort(BooleanSupplier over) {
    try {
      while (!over.getAsBoolean()) {
        if (abort.await(Duration.ofNanos(STEP_NANOS))) {
          return !over.getAsBoolean();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  boolean aborted() {
    return abort.reason() != null;
  }

  /** Why the run is to end early; null if it is not. */
  @Nullable String why() {
    return abort.reason();
  }
}
