package dev.muster.verdict.check.fault;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pod that calls itself ready while its model still loads draws requests that it cannot serve.
 */
public final class ReadinessCheck implements Check {
  private static final double TOLERATED_SECONDS = 2;

  @Override
  public String name() {
    return "readiness";
  }

  @Override
  public List<Finding> judge(History history) {
    return Recovery.of(history).stream().flatMap(this::judge).toList();
  }

  private Stream<Finding> judge(Recovery recovery) {
    return recovery.reached(Milestone.MODEL_LOADED).stream()
        .flatMap(loaded ->
            recovery.reached(Milestone.REPLACEMENT_READY).stream()
                .filter(ready -> ready.object().is(loaded.object()))
                .limit(1)
                .map(ready -> judge(recovery, ready, loaded)));
  }

  private Finding judge(Recovery recovery, MilestoneReached ready, MilestoneReached loaded) {
    // The earliest at which it can have been loaded: no blame for what is only our late look.
    var loadedAt = loaded.stamp().at().minus(loaded.stamp().uncertainty());
    double early = Recovery.seconds(ready.stamp().at(), loadedAt);
    boolean honest = early <= TOLERATED_SECONDS;
    var pod = ready.object().name();
    return new Finding(
        name(),
        honest ? Status.PASS : Status.FAIL,
        Math.max(0, early),
        TOLERATED_SECONDS,
        "s",
        honest
            ? Sentence.of("%s was ready when its model was loaded", pod)
            : Sentence.of(
                "%s was Ready %.1f s before its model was loaded: its readinessProbe does not ask"
                    + " whether the model is there",
                pod, early),
        List.of(recovery.evidence(ready), recovery.evidence(loaded)));
  }
}
