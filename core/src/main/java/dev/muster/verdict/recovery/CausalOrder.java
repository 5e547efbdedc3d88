package dev.muster.verdict.recovery;

import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One thing that comes of another, and cannot have been before it. */
public final class CausalOrder {
  /** What two threads, two watches or two clocks that agree may differ by. */
  public static final Duration SLACK = Duration.ofSeconds(2);

  private CausalOrder() {}

  /** The first moment at which it can have happened. */
  public static Instant earliest(Stamp stamp) {
    return stamp.at().minus(stamp.uncertainty());
  }

  /**
   * What is wrong if the effect was over before its cause can have been; empty where nothing is.
   *
   * @param slack what may be between the clocks or the threads of both
   */
  public static Optional<Sentence> broken(
      Sentence cause, Instant began, Sentence effect, Instant ended, Duration slack) {
    return ended.plus(slack).isBefore(began)
        ? Optional.of(
            Sentence.of("%s was %.1f s before %s", effect, Recovery.seconds(ended, began), cause))
        : Optional.empty();
  }
}
