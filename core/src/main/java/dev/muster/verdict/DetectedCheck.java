package dev.muster.verdict;

import static java.util.Objects.requireNonNullElse;

import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** From the fault to the Ready condition of each node that it took no longer being True. */
final class DetectedCheck implements Check {

  @Override
  public String name() {
    return "detected";
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

  /** Of several nodes the one that was noticed last, or never. */
  private Finding judge(Recovery recovery, Duration within) {
    var findings =
        recovery.takenNodes().entrySet().stream()
            .map(taken -> judge(recovery, within, taken.getKey(), taken.getValue()))
            .toList();
    var worst =
        findings.stream()
            .max(
                Comparator.comparing(Finding::status)
                    .thenComparing(f -> requireNonNullElse(f.measured(), Double.MAX_VALUE)))
            .orElseThrow();
    return new Finding(
        worst.check(),
        worst.status(),
        worst.measured(),
        worst.bound(),
        worst.unit(),
        worst.sentence(),
        findings.stream().flatMap(f -> f.lines().stream()).toList());
  }

  private Finding judge(Recovery recovery, Duration within, ObjectRef node, Instant taken) {
    var notReady = recovery.reached(Milestone.NODE_NOT_READY, node);
    if (notReady.isEmpty()) {
      return Missed.finding(
          name(),
          recovery,
          within,
          blamed(Sentence.of("node %s was never seen NotReady", node.name()), recovery));
    }
    double seconds = Recovery.seconds(taken, notReady.get().stamp().at());
    var noticed = Sentence.of("node %s was NotReady %.1f s after the fault", node.name(), seconds);
    var late = seconds > within.toNanos() / 1e9;
    var gap =
        Gaps.of(recovery.history()).perhapsBy(taken.plus(within), List.of(notReady.get()));
    return new Finding(
        name(),
        !late ? Status.PASS : gap.isPresent() ? Status.INCONCLUSIVE : Status.FAIL,
        seconds,
        within.toNanos() / 1e9,
        "s",
        !late
            ? noticed
            : gap.map(g -> Gaps.unsure(noticed, recovery, g))
                .orElseGet(() -> blamed(noticed, recovery)),
        List.of(recovery.evidence(notReady.get())));
  }

  private static Sentence blamed(Sentence what, Recovery recovery) {
    return Phases.of(recovery).stream()
        .findFirst()
        .map(phase -> Sentence.list(": ", List.of(what, phase.owner())))
        .orElse(what);
  }
}
