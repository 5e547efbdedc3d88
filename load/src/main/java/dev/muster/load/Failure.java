package dev.muster.load;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

  private record Alike(Outcome outcome, int status) {}

  /** Empty where none failed. */
  static Optional<Failure> commonest(Collection<Request> ended) {
    Map<Alike, Failure> failures = new HashMap<>();
    for (Request row : ended) {
      if (!row.answered()) {
        String words = row.detail() == null ? "" : row.detail();
        failures.merge(
            new Alike(row.outcome(), row.httpStatus()),
            new Failure(row.outcome(), row.httpStatus(), 1, ended.size(), words),
            (first, _) -> first.once());
      }
    }
    return failures.values().stream().max((a, b) -> Long.compare(a.count, b.count));
  }

  private Failure once() {
    return new Failure(outcome, status, count + 1, all, words);
  }

  /** Whether the server turned every single request down, so that waiting changes nothing. */
  public boolean lasting() {
    return count == all
        && all >= ENOUGH
        && status >= 400
        && status < 500
        && !PASSING.contains(status);
  }
}
