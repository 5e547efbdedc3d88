package dev.muster.verdict;

import dev.muster.timeline.Event.PreflightForced;
import java.util.List;

/**
 * A drill that was done although preflight said no. What it said is a fact about the cluster (the
 * remaining nodes do not hold the pods), so it is a failure however well the drill went.
 */
final class PreflightCheck implements Check {

  @Override
  public Subject subject() {
    return Subject.MUSTER;
  }

  @Override
  public String name() {
    return "preflight";
  }

  @Override
  public List<Finding> judge(History history) {
    return Recovery.events(history, PreflightForced.class)
        .map(forced ->
            new Finding(
                name(),
                Status.FAIL,
                (double) forced.refusals().size(),
                0.0,
                "objects",
                Sentence.of(
                    "started with --force although preflight refused: %s",
                    forced.refusals().getFirst()),
                forced.refusals().stream().map(Sentence::quote).toList()))
        .toList();
  }
}
