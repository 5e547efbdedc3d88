package dev.muster.lab.host;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for programs that tell nobody when they are ready. */
public final class Wait {
  private Wait() {}

  public static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }

  /** True as soon as the condition holds, false if the time is over. */
  public static boolean until(BooleanSupplier condition, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      millis(100);
    }
    return true;
  }
}
