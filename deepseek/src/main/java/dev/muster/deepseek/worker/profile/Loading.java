package dev.muster.deepseek.worker.profile;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Fault;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.fault.Victim;
import dev.muster.deepseek.wire.Log;
import java.time.Duration;

/** A model on its way into memory, phase by phase; the same rules of time as the engine's. */
public final class Loading {
  private static final long SLICE = Duration.ofMillis(100).toNanos();

  private final ModelLoad load;
  private final MachineClock clock;
  private final Log log;
  private final Faults faults;
  private volatile ModelLoad.Phase phase = ModelLoad.Phase.READ;

  public Loading(ModelLoad load, MachineClock clock, Log log, Faults faults) {
    this.faults = faults;
    this.load = load;
    this.clock = clock;
    this.log = log;
  }

  /** The one under way; the last one when all are over. */
  public ModelLoad.Phase phase() {
    return phase;
  }

  /** Takes the time that loading takes. */
  public void run() throws InterruptedException {
    var victim = new Victim(faults);
    victim.of(Failure.SLOW_LOAD); // also where it takes no time at all
    for (var next : ModelLoad.Phase.values()) {
      phase = next;
      var begin = clock.now();
      pass(load.length(next).toNanos(), victim);
      log.info(
          "load phase over", "phase", next.word(), "took_ms", (clock.now() - begin) / 1_000_000);
    }
  }

  /** In slices: of time in which the process stood still, no more than one counts. */
  private void pass(long length, Victim victim) throws InterruptedException {
    for (var left = length; left > 0; ) {
      var factor = victim.of(Failure.SLOW_LOAD).map(Fault::factor).orElse(1.0);
      var begin = clock.now();
      clock.sleepUntil(begin + Math.min((long) Math.ceil(left * factor), SLICE));
      var passed = Math.min(clock.now() - begin, 2 * SLICE);
      left -= Math.max(1, Math.round(passed / factor));
    }
  }
}
