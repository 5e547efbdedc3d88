package dev.muster.deepseek.worker.profile;

import java.time.Duration;
import java.util.Random;

/**
 * Time that passes only by sleeping, so that what is measured is the model and not this machine.
 */
public final class VirtualClock implements MachineClock {
  private final Random late = new Random(7);
  private final long lateness;
  private long now = 1_000;
  private long stopAt = Long.MAX_VALUE;
  private long stopUntil;

  public VirtualClock() {
    this(Duration.ZERO);
  }

  /**
   * @param lateness every sleep ends up to this much too late
   */
  public VirtualClock(Duration lateness) {
    this.lateness = lateness.toNanos();
  }

  /** The process stands still once this much time has passed, as by SIGSTOP, for this long. */
  public void stop(Duration after, Duration standstill) {
    stopAt = now + after.toNanos();
    stopUntil = stopAt + standstill.toNanos();
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public void sleepUntil(long due) {
    now = Math.max(now, due + (lateness == 0 ? 0 : late.nextLong(lateness)));
    if (now >= stopAt) {
      now = Math.max(now, stopUntil);
      stopAt = Long.MAX_VALUE;
    }
  }
}
