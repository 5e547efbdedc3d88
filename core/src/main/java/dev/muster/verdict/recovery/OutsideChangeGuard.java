package dev.muster.verdict.recovery;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event.OutsideChange;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A check of what clients felt or of how long the recovery took, which puts no harm on the drill's
 * fault that somebody else may have done: a node that died by itself, a scale-down, a rollout.
 * Where the bound was broken before that already, or by an outage that had begun before, it stays
 * broken.
 */
public record OutsideChangeGuard(Check check, boolean timed) implements Check {
  private static final Set<Change> LASTING = Set.of(Change.NOT_READY, Change.READY, Change.GONE);

  /** The check itself where others can do it no harm. */
  public static Check of(Check check) {
    return switch (check.byOthers()) {
      case NONE -> check;
      case FELT -> new OutsideChangeGuard(check, false);
      case TIMED -> new OutsideChangeGuard(check, true);
    };
  }

  @Override
  public String name() {
    return check.name();
  }

  @Override
  public Set<Need> needs() {
    return check.needs();
  }

  @Override
  public Subject subject() {
    return check.subject();
  }

  @Override
  public List<Finding> judge(History history) {
    var findings = check.judge(history);
    var recovery = Recovery.of(history);
    if (timed && recovery.isPresent()) {
      findings = findings.stream().map(f -> helped(f, recovery.get())).toList();
    }
    if (recovery.isEmpty() || findings.stream().noneMatch(f -> f.status() == Status.FAIL)) {
      return findings;
    }
    var changes = changes(recovery.get(), recovery.get().loadEnd());
    if (changes.isEmpty()) {
      return findings;
    }
    var first = changes.getFirst();
    var broken =
        (timed
                ? findings.stream().filter(f -> over(f, begin(first), recovery.get()))
                : check.judge(before(first, recovery.get())).stream())
            .filter(f -> f.status() == Status.FAIL)
            .map(Finding::check)
            .toList();
    return findings.stream()
        .map(f ->
            f.status() == Status.FAIL
                ? judge(f, broken.contains(f.check()), changes, recovery.get())
                : f)
        .toList();
  }

  /**
   * Whoever rolls out a workload makes its pods anew, whatever the cluster would have done, and one
   * more pod of an autoscaler is no replacement: where nobody said whose place a pod took, it may
   * be that one.
   */
  private static Finding helped(Finding finding, Recovery recovery) {
    var sample = finding.sample();
    if (finding.status() != Status.PASS || sample == null) {
      return finding;
    }
    boolean unnamed =
        recovery.reached(Milestone.REPLACEMENT_READY).stream()
            .flatMap(m -> Stream.ofNullable(Recovery.pod(m)))
            .anyMatch(pod ->
                recovery
                    .reachedByPod(Milestone.REPLACEMENT_CREATED, pod)
                    .filter(m -> m.detail().containsKey("replaces"))
                    .isEmpty());
    return Recovery.events(recovery.history(), OutsideChange.class)
        .filter(c -> c.change() == Change.ROLLED_OUT || (unnamed && c.change() == Change.SCALED_UP))
        .filter(c -> !c.stamp().at().isBefore(recovery.fault()))
        .filter(c -> !begin(c).isAfter(sample.to()))
        .findFirst()
        .map(c ->
            finding.unproven(Sentence.of("that may come of something else: %s", line(c, recovery))))
        .orElse(finding);
  }

  private static boolean over(Finding finding, Instant change, Recovery recovery) {
    var bound = finding.bound();
    return bound != null && recovery.since(change) > bound;
  }

  private static Finding judge(
      Finding finding, boolean broken, List<OutsideChange> changes, Recovery recovery) {
    var lines = new ArrayList<>(changes.stream().map(c -> line(c, recovery)).toList());
    lines.addAll(finding.lines());
    return new Finding(
        finding.check(),
        broken ? Status.FAIL : Status.INCONCLUSIVE,
        finding.measured(),
        finding.bound(),
        finding.unit(),
        broken
            ? finding.sentence()
            : Sentence.of(
                "%s; but that may come of something else: %s",
                finding.sentence(), line(changes.getFirst(), recovery)),
        lines,
        finding.sample());
  }

  /**
   * The run as it would have been judged before the change; an outage that lasted then is whole.
   */
  private static History before(OutsideChange change, Recovery recovery) {
    var begin = begin(change);
    var cut =
        Interruption.of(recovery)
            .filter(i -> i.start().isBefore(begin) && !i.end().isBefore(begin))
            .map(i -> i.end().plusNanos(1))
            .orElse(begin);
    var history = recovery.history();
    return new History(
        history.drill(),
        history.timeline(),
        history.ledger().stream()
            .filter(r -> r.intended().isBefore(cut))
            .filter(r -> {
              var ended = r.ended();
              return r.answered() || (ended != null && ended.isBefore(cut));
            })
            .toList(),
        history.retries(),
        history.traces(),
        history.integrity());
  }

  /**
   * What may have done harm from the fault until then, in the order of time: also a node that was
   * away already when the fault began.
   */
  public static List<OutsideChange> changes(Recovery recovery, Instant until) {
    return Recovery.events(recovery.history(), OutsideChange.class)
        .filter(c -> c.change().harmful())
        .filter(c -> !c.stamp().at().isBefore(recovery.fault()) || lasts(c, recovery))
        .filter(c -> !begin(c).isAfter(until))
        .sorted(Comparator.comparing(OutsideChangeGuard::begin))
        .toList();
  }

  /** Nobody said before the fault that it is over. */
  private static boolean lasts(OutsideChange change, Recovery recovery) {
    return change.object() instanceof ObjectRef.Node
        && LASTING.contains(change.change())
        && Recovery.events(recovery.history(), OutsideChange.class)
            .filter(c -> c.object().is(change.object()) && LASTING.contains(c.change()))
            .filter(c -> c.stamp().at().isBefore(recovery.fault()))
            .reduce((_, last) -> last)
            .filter(change::equals)
            .isPresent();
  }

  /** A node that dies is seen to be NotReady long after clients have felt it. */
  private static Instant begin(OutsideChange change) {
    return change.stamp().at().minus(change.stamp().uncertainty());
  }

  /** All that somebody else changed, harmful or not. */
  public static List<Sentence> lines(History history) {
    return Recovery.of(history).stream()
        .flatMap(
            recovery -> Recovery.events(history, OutsideChange.class).map(c -> line(c, recovery)))
        .toList();
  }

  public static Sentence line(OutsideChange change, Recovery recovery) {
    double seen = recovery.since(change.stamp().at());
    var word = Sentence.word("change", change.change().words());
    return seen < 0
        ? Sentence.of(
            "%s %s, seen %.1f s before the fault and not the drill's doing",
            change.object().path(), word, -seen)
        : Sentence.of(
            "%s %s, seen %.1f s after the fault and not the drill's doing",
            change.object().path(), word, seen);
  }
}
