package dev.muster.verdict;

import dev.muster.timeline.Outcome;
import java.util.List;

/** No client was given a wrong answer: tokens missing, doubled or foreign in a "complete" one. */
final class StreamsCheck implements Check {

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public List<Finding> judge(History history) {
    if (history.ledger().isEmpty()) {
      return List.of();
    }
    var corrupt = history.ledger().stream().filter(r -> r.outcome() == Outcome.CORRUPT).toList();
    long truncated =
        history.ledger().stream().filter(r -> r.outcome() == Outcome.TRUNCATED).count();
    return List.of(
        new Finding(
            name(),
            corrupt.isEmpty() ? Status.PASS : Status.FAIL,
            (double) corrupt.size(),
            0.0,
            "requests",
            corrupt.size()
                + " answers had missing, doubled or foreign tokens; "
                + truncated
                + " ended early and are counted as lost",
            Evidence.failed(corrupt, 20)));
  }
}
