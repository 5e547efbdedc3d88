package dev.muster.verdict.finding;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a figure rests on.
 *
 * @param count requests, pods, milestones … that were looked at
 * @param missed so many of them were not as asked
 * @param share of them that must be as asked, 0 to 1; null where the figure is no share
 * @param from when the time that was looked at began
 * @param to when it ended; of a time that was measured, the event that ended it
 */
public record Sample(long count, long missed, @Nullable Double share, Instant from, Instant to) {
  /** Of a share of 1 no number of requests is enough; so many are asked for. */
  private static final long LEAST_OF_ALL = 100;

  public static Sample of(long count, Instant from, Instant to) {
    return new Sample(count, 0, null, from, to);
  }

  /**
   * Why there are too few for the share that is claimed: of fewer than 1/(1-share) requests none
   * may be missed, and that none was shows no more than a lower share.
   *
   * @param passed the claim was found to hold; where it was found broken, it still is one if as
   *     many requests as are needed, all others good, could not have mended it
   */
  public Optional<Sentence> few(boolean passed) {
    if (share == null || count >= least(share)) {
      return Optional.empty();
    }
    long least = least(share);
    boolean mendable = missed <= allowed(share, least);
    return passed || mendable
        ? Optional.of(
            Sentence.of(
                "%s %% can not be told from %d requests: it needs at least %d",
                percent(share), count, least))
        : Optional.empty();
  }

  /** The fewest of which one may be missed, so that one miss can be told from none. */
  static long least(double share) {
    return share >= 1 ? LEAST_OF_ALL : (long) Math.ceil(1 / (1 - share) - 1e-9);
  }

  /** The most that may be missed of so many. */
  public static long allowed(double share, long count) {
    return (long) Math.floor((1 - share) * count + 1e-9);
  }

  private static String percent(double share) {
    return java.math.BigDecimal.valueOf(Math.round(share * 1e6), 4)
        .stripTrailingZeros()
        .toPlainString();
  }
}
