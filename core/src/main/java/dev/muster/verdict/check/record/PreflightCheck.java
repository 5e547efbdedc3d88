package dev.muster.verdict.check.record;

import dev.muster.timeline.Event.PreflightForced;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;

/**
 * A drill that was done although preflight said no. What it said is a fact about the cluster (the
 * remaining nodes do not hold the pods), so it is a failure however well the drill went.
 */
public final class PreflightCheck implements Check {

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
