package dev.muster.verdict.check.fault;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.FaultUnfinished;
import dev.muster.verdict.coverage.EffectDuration;
import dev.muster.verdict.coverage.Gaps;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What takes its time, as a drain or a rollout, was done within its timeout. What was not was kept
 * from it by the service's own budgets, settings or pods: that is a failure of the service, and not
 * a fault that nobody saw. Where Muster itself stood still meanwhile, neither is known.
 */
public final class CompletedCheck implements Check {
  private static final String UNIT = "s";

  @Override
  public String name() {
    return "completed";
  }

  /** Of what was neither done nor seen to be left undone, {@link FaultVerifiedCheck} speaks. */
  @Override
  public List<Finding> judge(History history) {
    return Stream.concat(
            Recovery.events(history, FaultUnfinished.class).map(e -> unfinished(history, e)),
            Recovery.events(history, FaultInjected.class)
                .filter(e -> Kinds.is(e.kind(), Trait.GRADUAL))
                .filter(e -> unfinished(history, e.fault()).findAny().isEmpty())
                .flatMap(e -> done(history, e)))
        .toList();
  }

  private static Stream<FaultUnfinished> unfinished(History history, String fault) {
    return Recovery.events(history, FaultUnfinished.class).filter(e -> e.fault().equals(fault));
  }

  /** Nobody is to blame where Muster stood still, or saw no pods, in a part of the time. */
  private Finding unfinished(History history, FaultUnfinished end) {
    if (unseen(history, end)) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "%s was not done in its time, and in a part of it Muster saw nothing of the pods",
              what(history, end.fault())));
    }
    Map<String, String> left = new TreeMap<>(end.left());
    return new Finding(
        name(),
        Status.FAIL,
        null,
        null,
        "",
        Sentence.of(
            "%s was not done in its time: %s",
            what(history, end.fault()),
            Sentence.list(
                "; ",
                left.entrySet().stream()
                    .map(e -> Sentence.quote(e.getKey() + ": " + e.getValue()))
                    .toList())),
        Evidence.of(left));
  }

  private static boolean unseen(History history, FaultUnfinished end) {
    return Recovery.events(history, FaultInjected.class)
        .filter(e -> e.fault().equals(end.fault()))
        .anyMatch(e -> Gaps.of(history).ofPods(e.stamp().at(), end.stamp().at()));
  }

  /** By the fault's own name where nothing tells whom it meant. */
  private static Sentence what(History history, String fault) {
    return Recovery.events(history, FaultInjected.class)
        .filter(e -> e.fault().equals(fault))
        .map(CompletedCheck::what)
        .findFirst()
        .orElse(Sentence.quote(fault));
  }

  private static Sentence what(FaultInjected fault) {
    return Sentence.of("%s of %s", fault.kind(), fault.victim());
  }

  private Stream<Finding> done(History history, FaultInjected fault) {
    return Recovery.events(history, Event.FaultVerified.class)
        .filter(e -> e.fault().equals(fault.fault()) && EffectDuration.byAnother(e))
        .limit(1)
        .map(e -> {
          double seconds = Recovery.seconds(fault.stamp().at(), e.stamp().at());
          return new Finding(
              name(),
              Status.PASS,
              seconds,
              null,
              UNIT,
              Sentence.of("%s was done in %.1f s", what(fault), seconds),
              Evidence.of(e.evidence()),
              Sample.of(1, fault.stamp().at(), e.stamp().at()));
        });
  }
}
