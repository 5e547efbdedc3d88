package dev.muster.verdict;

import java.time.Duration;
import java.util.List;

/** Something that should have been seen and was not. */
final class Missed {
  private Missed() {}

  /**
   * A failure where it would have been seen; inconclusive where the view was lost, the fault had no
   * effect or the run was ended early.
   */
  static Finding finding(String check, Recovery recovery, Duration within, Sentence why) {
    var blindness = Blindness.of(recovery);
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
