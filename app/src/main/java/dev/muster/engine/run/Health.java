package dev.muster.engine.run;

import java.time.Duration;
import java.util.Locale;

/**
 * Whether the service is well before the fault. One that fails already is not disturbed: nothing
 * could be learnt from it, and the run is aborted.
 *
 * @param installed the drill has just installed the service
 */
record Health(Ports.Load load, Waiting waiting, DrillRun.Pace pace, boolean installed) {
  /** Share of failed requests before the fault above which there is no fault. */
  private static final double STEADY_ERRORS = 0.1;

  /**
   * Waits until no request fails any more, though not for ever.
   *
   * @return false where waiting makes no sense
   */
  boolean settles() throws InterruptedException {
    if (waiting.pass(pace.settle())) {
      waiting.until(() -> load.errorRatio(pace.settle()) == 0 || turnedDown(), pace.settleAtMost());
    }
    return !turnedDown() || steady(pace.settleAtMost());
  }

  /** By the service itself; the way to one that was just installed may not be there yet. */
  private boolean turnedDown() {
    return !installed && load.failed(pace.settleAtMost()).filter(Ports.Failed::lasting).isPresent();
  }

  /** In the last so long. */
  boolean steady(Duration last) {
    double errors = load.errorRatio(last);
    if (Double.isNaN(errors) || errors > STEADY_ERRORS) {
      waiting
          .abort()
          .request(
              Double.isNaN(errors)
                  ? "no request was answered before the fault"
                  : String.format(
                      Locale.ROOT,
                      "%.0f %% of the requests failed before the fault%s",
                      100 * errors,
                      load.failed(last).map(f -> ", " + f.why()).orElse("")));
      return false;
    }
    return true;
  }
}
