package dev.muster.verdict.check.record;

import dev.muster.timeline.Event;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** A load of several pods is judged by only where all their rows came home, and at known times. */
public final class LoadPodsCheck implements Check {
  /** What is judged by the second may not be off by more than a small part of one. */
  static final Duration CLOSE = Duration.ofMillis(100);

  @Override
  public Subject subject() {
    return Subject.VALIDITY;
  }

  @Override
  public String name() {
    return "loadPods";
  }

  @Override
  public List<Finding> judge(History history) {
    var load = history.drill().load();
    if (load == null || load.inCluster() == null) {
      return List.of();
    }
    int pods = load.inCluster().pods();
    var lost = Recovery.events(history, Event.LoadPodLost.class).toList();
    if (!lost.isEmpty()) {
      var first = lost.getFirst();
      return List.of(
          finding(
              Status.INCONCLUSIVE,
              pods - lost.size(),
              pods,
              Sentence.of(
                  "the load's pod %s on node %s, of which %d rows came home, was lost: %s",
                  first.pod(), first.node(), first.rows(), first.why()),
              lost.stream()
                  .map(l -> Sentence.of("part %d, pod %s: %s", l.part(), l.pod(), l.why()))
                  .toList()));
    }
    var whole = Recovery.events(history, Event.LoadPodEnded.class).toList();
    long parts = whole.stream().map(Event.LoadPodEnded::part).distinct().count();
    if (parts != pods || whole.size() != pods) {
      return List.of(
          finding(
              Status.INCONCLUSIVE,
              parts,
              pods,
              Sentence.of(
                  "only %d of the load's %d pods say that their rows are whole", parts, pods),
              List.of()));
    }
    var vaguest =
        whole.stream()
            .max(Comparator.comparing(Event.LoadPodEnded::clockUncertainty))
            .orElseThrow();
    double millis = vaguest.clockUncertainty().toNanos() / 1e6;
    if (vaguest.clockUncertainty().compareTo(CLOSE) > 0) {
      return List.of(
          finding(
              Status.INCONCLUSIVE,
              parts,
              pods,
              Sentence.of(
                  "the clock of the load's pod %s is known to %.0f ms only: whether its requests"
                      + " were before a fault or after it is not known",
                  vaguest.pod(), millis),
              List.of()));
    }
    return List.of(
        finding(
            Status.PASS,
            parts,
            pods,
            Sentence.of(
                "all rows of %d pods came home, at times that are known to %.0f ms", pods, millis),
            List.of()));
  }

  private Finding finding(
      Status status, long whole, int pods, Sentence why, List<Sentence> evidence) {
    return new Finding(name(), status, (double) whole, (double) pods, "pods", why, evidence);
  }
}
