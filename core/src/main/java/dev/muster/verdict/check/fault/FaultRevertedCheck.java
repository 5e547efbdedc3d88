package dev.muster.verdict.check.fault;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.FaultNotReverted;
import dev.muster.timeline.Event.FaultRevertUnseen;
import dev.muster.timeline.Event.FaultReverted;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every fault that was armed is undone, and was seen to be. The last word about a fault counts. */
public final class FaultRevertedCheck implements Check {

  @Override
  public Subject subject() {
    return Subject.MUSTER;
  }

  @Override
  public String name() {
    return "faultReverted";
  }

  @Override
  public List<Finding> judge(History history) {
    return history.timeline().stream()
        .flatMap(FaultRevertedCheck::fault)
        .distinct()
        .map(fault -> judge(history, fault))
        .toList();
  }

  /** What was done is to be undone, also where the line is gone that announced it. */
  private static Stream<String> fault(Event event) {
    return switch (event) {
      case Event.FaultArmed e -> Stream.of(e.fault());
      case Event.FaultInjected e -> Stream.of(e.fault());
      case Event.FaultVerified e -> Stream.of(e.fault());
      case Event.FaultReverting e -> Stream.of(e.fault());
      default -> Stream.empty();
    };
  }

  private Finding judge(History history, String fault) {
    Event last = null;
    for (var event : history.timeline()) {
      boolean about =
          switch (event) {
            case FaultReverted e -> e.fault().equals(fault);
            case FaultNotReverted e -> e.fault().equals(fault);
            case FaultRevertUnseen e -> e.fault().equals(fault);
            default -> false;
          };
      last = about ? event : last;
    }
    return switch (last) {
      case FaultReverted e when doubt(history, e).isPresent() ->
          Finding.inconclusive(name(), doubt(history, e).orElseThrow());
      case FaultReverted e ->
          new Finding(
              name(),
              Status.PASS,
              null,
              null,
              "",
              momentary(history, fault)
                  ? Sentence.of("there was nothing to undo")
                  : Sentence.of("the fault was undone"),
              Evidence.of(e.evidence()));
      case FaultNotReverted e ->
          new Finding(
              name(),
              Status.FAIL,
              null,
              null,
              "",
              Sentence.of("the fault could not be undone: %s; run muster cleanup", e.why()),
              List.of());
      case FaultRevertUnseen e ->
          Finding.inconclusive(
              name(),
              Sentence.of(
                  "nobody saw whether the fault is undone: %s; run muster cleanup", e.why()));
      case null, default ->
          Finding.inconclusive(
              name(),
              Sentence.of(
                  "fault %s was armed and nothing says that it was undone; run muster cleanup",
                  fault));
    };
  }

  /** A kill: it was announced without a time at which it is undone. */
  private static boolean momentary(History history, String fault) {
    return Recovery.events(history, Event.FaultArmed.class)
        .anyMatch(e -> e.fault().equals(fault) && e.ttl() == null);
  }

  /** What says that it is not, whoever says that it is: power hooks lie. */
  private static Optional<Sentence> doubt(History history, FaultReverted reverted) {
    var undone = reverted.stamp().at().plus(CausalOrder.SLACK);
    var seen =
        Recovery.events(history, Event.EffectSeen.class)
            .filter(e -> e.fault().equals(reverted.fault()))
            .filter(e -> e.stamp().at().isAfter(undone))
            .findFirst();
    if (seen.isPresent()) {
      return Optional.of(
          Sentence.of(
              "the fault was told to be undone, and its effect was seen %.1f s later",
              Recovery.seconds(reverted.stamp().at(), seen.get().stamp().at())));
    }
    var victims = victims(history, reverted.fault()).distinct().toList();
    return victims.isEmpty()
        ? Optional.of(
            Sentence.of(
                "fault %s was told to be undone, and nothing says what it was", reverted.fault()))
        : victims.stream()
            .filter(victim -> reached(history, Milestone.NODE_NOT_READY, victim))
            .filter(victim -> !reached(history, Milestone.NODE_READY, victim))
            .findFirst()
            .map(victim ->
                Sentence.of(
                    "the fault was told to be undone, and %s was not seen Ready again", victim));
  }

  /** As the one event tells or the other. */
  private static Stream<ObjectRef.Victim> victims(History history, String fault) {
    return history.timeline().stream()
        .flatMap(event ->
            switch (event) {
              case Event.FaultArmed e when e.fault().equals(fault) -> Stream.of(e.victim());
              case Event.FaultInjected e when e.fault().equals(fault) -> Stream.of(e.victim());
              default -> Stream.empty();
            });
  }

  private static boolean reached(History history, Milestone milestone, ObjectRef.Victim victim) {
    return Recovery.events(history, Event.MilestoneReached.class)
        .anyMatch(m -> m.milestone() == milestone && m.object().is(victim));
  }
}
