package dev.muster.verdict.check.fault;

import static java.util.Objects.requireNonNullElse;

import dev.muster.drill.expect.Expectation;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.FaultReverted;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.coverage.Gaps;
import dev.muster.verdict.coverage.MissingObservation;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.OutsideChangeGuard;
import dev.muster.verdict.recovery.Phases;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** From the fault to the Ready condition of each node that it took no longer being True. */
public final class DetectedCheck implements Check {
  private static final Expectation<Duration> WITHIN =
      Expectation.within(
              "detected",
              "each node that NodeShutdown, NodeNetwork or KubeletStop took was NotReady so soon"
                  + " after its fault")
          .rules(yaml -> yaml.needs(Trait.TAKES_NODE, "makes a node NotReady"));

  @Override
  public String name() {
    return "detected";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(WITHIN);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.SILENT_NODE);
  }

  @Override
  public List<Finding> judge(History history) {
    var within = WITHIN.in(history.drill());
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
        recovery.silencing().stream().map(fault -> judge(recovery, within, fault)).toList();
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
        findings.stream().flatMap(f -> f.lines().stream()).toList(),
        worst.sample());
  }

  private Finding judge(Recovery recovery, Duration within, FaultInjected fault) {
    var node = fault.victim();
    var taken = recovery.began(fault);
    var notReady = recovery.reached(Milestone.NODE_NOT_READY, node);
    if (notReady.isEmpty()) {
      var never = Sentence.of("node %s was never seen NotReady", node.name());
      return undone(recovery, fault)
          .filter(at -> at.isBefore(taken.plus(within)))
          .map(at ->
              Finding.inconclusive(
                  name(),
                  Sentence.of(
                      "%s, and its fault was over after %.1f s",
                      never, Recovery.seconds(taken, at))))
          .orElseGet(
              () -> MissingObservation.finding(name(), recovery, within, blamed(never, recovery)));
    }
    double bound = within.toNanos() / 1e9;
    double seconds = Recovery.seconds(taken, notReady.get().stamp().at());
    double least =
        Recovery.seconds(taken, Gaps.of(recovery.history()).earliest(notReady.get()))
            - recovery.late(fault);
    var noticed = Sentence.of("node %s was NotReady %.1f s after the fault", node.name(), seconds);
    var status =
        seconds <= bound ? Status.PASS : least <= bound ? Status.INCONCLUSIVE : Status.FAIL;
    return new Finding(
        name(),
        status,
        seconds,
        bound,
        "s",
        switch (status) {
          case PASS -> noticed;
          case INCONCLUSIVE ->
              Sentence.of(
                  "%s; but it was not watched before, and may have been as early as %.1f s",
                  noticed, Math.max(0, least));
          case FAIL -> blamed(noticed, recovery);
        },
        List.of(recovery.evidence(notReady.get())),
        Sample.of(1, taken, notReady.get().stamp().at()));
  }

  private static Optional<Instant> undone(Recovery recovery, FaultInjected fault) {
    return Recovery.events(recovery.history(), FaultReverted.class)
        .filter(e -> e.fault().equals(fault.fault()))
        .map(e -> e.stamp().at())
        .findFirst();
  }

  private static Sentence blamed(Sentence what, Recovery recovery) {
    var changes = OutsideChangeGuard.changes(recovery, recovery.end());
    if (!changes.isEmpty()) {
      return Sentence.of(
          "%s; no phase is blamed: %s",
          what, OutsideChangeGuard.line(changes.getFirst(), recovery));
    }
    return Phases.of(recovery).stream()
        .findFirst()
        .map(phase -> Sentence.list(": ", List.of(what, phase.owner())))
        .orElse(what);
  }
}
