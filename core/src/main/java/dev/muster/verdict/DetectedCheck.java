package dev.muster.verdict;

import dev.muster.timeline.Milestone;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** From the fault to the node's Ready condition no longer being True. */
final class DetectedCheck implements Check {

  @Override
  public String name() {
    return "detected";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.WATCHES, Need.SILENT_NODE);
  }

  @Override
  public List<Finding> judge(History history) {
    var within = history.drill().expect().detectedWithin();
    if (within == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, within))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, Duration within) {
    var notReady = recovery.reachedByVictim(Milestone.NODE_NOT_READY);
    if (notReady.isEmpty()) {
      return Missed.finding(
          name(),
          recovery,
          within,
          blamed(
              Sentence.of("node %s was never seen NotReady", recovery.victim().name()), recovery));
    }
    double seconds = Recovery.seconds(recovery.taken(), notReady.get().stamp().at());
    var noticed =
        Sentence.of(
            "node %s was NotReady %.1f s after the fault", recovery.victim().name(), seconds);
    boolean late = seconds > within.toNanos() / 1e9;
    return new Finding(
        name(),
        late ? Status.FAIL : Status.PASS,
        seconds,
        within.toNanos() / 1e9,
        "s",
        late ? blamed(noticed, recovery) : noticed,
        List.of(recovery.evidence(notReady.get())),
        Sample.of(1, recovery.taken(), notReady.get().stamp().at()));
  }

  private static Sentence blamed(Sentence what, Recovery recovery) {
    return Phases.of(recovery).stream()
        .findFirst()
        .map(phase -> Sentence.list(": ", List.of(what, phase.owner())))
        .orElse(what);
  }
}
