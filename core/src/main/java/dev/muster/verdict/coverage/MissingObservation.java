package dev.muster.verdict.coverage;

import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.List;

/** Something that should have been seen and was not. */
public final class MissingObservation {
  private MissingObservation() {}

  /**
   * A failure where it would have been seen; inconclusive where the view was lost, the fault had no
   * effect or the run was ended early.
   */
  public static Finding finding(String check, Recovery recovery, Duration within, Sentence why) {
    var blindness = BlindSpots.of(recovery);
    return new Finding(
        check,
        blindness == null ? Status.FAIL : Status.INCONCLUSIVE,
        null,
        within.toNanos() / 1e9,
        "s",
        blindness == null ? why : Sentence.of("%s; but %s", why, blindness),
        List.of());
  }
}
