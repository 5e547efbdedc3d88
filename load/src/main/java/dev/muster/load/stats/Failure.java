package dev.muster.load.stats;

import dev.muster.timeline.Outcome;
import java.util.Set;

/**
 * What most of the failed requests of a time have in common.
 *
 * @param outcome of each
 * @param status of each, 0 where no answer came
 * @param count so many failed like this
 * @param all so many ended, well or not
 * @param words what the first of them got to read, as its row tells; empty if nothing
 */
public record Failure(Outcome outcome, int status, long count, long all, String words) {
  /** Fewer may be chance. */
  private static final int ENOUGH = 5;

  /** Request Timeout, Too Early and Too Many Requests say themselves that they pass. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429);

  /** Whether the server turned every single request down, so that waiting changes nothing. */
  public boolean lasting() {
    return count == all
        && all >= ENOUGH
        && status >= 400
        && status < 500
        && !PASSING.contains(status);
  }
}
