package dev.muster.verdict.check.fault;

import dev.muster.drill.Fault;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.coverage.EffectDuration;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Evidence;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Recovery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A fault whose effect nobody saw proves nothing, nor does one that was announced and not done, or
 * that was over before its undo began. One that others kept from its end was seen: what that tells
 * of them is {@link CompletedCheck}'s.
 */
public final class FaultVerifiedCheck implements Check {
  /** A victim that came later, of a fault that follows its target, is undone with the others. */
  private static final double SHORTER = 0.5;

  /** Seconds that an undo may have to wait for its turn. */
  private static final double OVERTIME = 30;

  @Override
  public Subject subject() {
    return Subject.VALIDITY;
  }

  @Override
  public String name() {
    return "faultVerified";
  }

  @Override
  public List<Finding> judge(History history) {
    var injected = Recovery.events(history, Event.FaultInjected.class).toList();
    var begun = injected.stream().map(Event.FaultInjected::fault).toList();
    var findings = new ArrayList<>(injected.stream().map(f -> judge(history, f)).toList());
    var doubts =
        Recovery.events(history, Event.FaultNotVerified.class)
            .filter(e -> !begun.contains(e.fault()))
            .toList();
    doubts.stream()
        .map(e ->
            Finding.inconclusive(
                name(), Sentence.of("the effect of %s was not seen: %s", e.fault(), e.why())))
        .forEach(findings::add);
    Recovery.events(history, Event.FaultArmed.class)
        .filter(e -> !begun.contains(e.fault()))
        .filter(e -> doubts.stream().noneMatch(doubt -> doubt.fault().equals(e.fault())))
        .map(e ->
            Finding.inconclusive(
                name(), Sentence.of("%s of %s was armed and never injected", e.kind(), e.victim())))
        .forEach(findings::add);
    return findings.isEmpty()
        ? List.of(Finding.inconclusive(name(), Sentence.of("no fault was injected")))
        : findings;
  }

  private Finding judge(History history, Event.FaultInjected fault) {
    var doubt = first(history, Event.FaultNotVerified.class, fault, Event.FaultNotVerified::fault);
    if (doubt.isPresent()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "the effect of %s on %s was not seen: %s",
              fault.kind(), fault.victim(), doubt.get().why()));
    }
    var unfinished =
        first(history, Event.FaultUnfinished.class, fault, Event.FaultUnfinished::fault);
    if (unfinished.isPresent()) {
      return new Finding(
          name(),
          Status.PASS,
          null,
          null,
          "",
          Sentence.of(
              "%s of %s was seen to begin, and was not done in its time",
              fault.kind(), fault.victim()),
          Evidence.of(unfinished.get().left()));
    }
    var course = EffectDuration.of(history, fault);
    var lost = EffectDuration.lost(history, fault.fault());
    if (lost.isPresent()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "%s of %s did not last: in effect for %.1f of %.1f s (%s)",
              fault.kind(),
              fault.victim(),
              EffectDuration.seconds(lost.get().lasted()),
              EffectDuration.seconds(course.whole()),
              lost.get().why()));
    }
    var other = rebooted(history, fault);
    if (other.isPresent()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "%s of %s was seen, and so was that it %s: which of them had the effect is not known",
              fault.kind(), fault.victim(), Sentence.word("change", other.get().change().words())));
    }
    var length = length(history, fault, course);
    if (length.isPresent()) {
      return Finding.inconclusive(name(), length.get());
    }
    return Recovery.events(history, Event.FaultVerified.class)
        .filter(e -> e.fault().equals(fault.fault()) && EffectDuration.byAnother(e))
        .findFirst()
        .map(verified -> seen(fault, verified, course))
        .orElseGet(() ->
            Finding.inconclusive(
                name(),
                Sentence.of(
                    "whether %s of %s had an effect was not looked at",
                    fault.kind(), fault.victim())));
  }

  private Finding seen(
      Event.FaultInjected fault, Event.FaultVerified verified, EffectDuration course) {
    if (!course.lasting()) {
      return pass(
          Sentence.of("the effect of %s on %s was seen", fault.kind(), fault.victim()), verified);
    }
    if (course.apart().compareTo(course.away()) > 0) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "the effect of %s on %s was not seen for %.1f of its %.1f s: it may have been"
                  + " away meanwhile",
              fault.kind(),
              fault.victim(),
              EffectDuration.seconds(course.apart()),
              EffectDuration.seconds(course.whole())));
    }
    var unseen = EffectDuration.seconds(course.unseen());
    if (course.unseen().compareTo(course.bound()) <= 0) {
      return pass(
          Sentence.of(
              "the effect of %s on %s was seen until %.1f s before its undo",
              fault.kind(), fault.victim(), unseen),
          verified);
    }
    return Finding.inconclusive(
        name(),
        course.again()
            ? Sentence.of(
                "the effect of %s on %s was not seen in the last %.1f s before its undo; more than"
                    + " %.1f s prove nothing of its end",
                fault.kind(), fault.victim(), unseen, EffectDuration.seconds(course.bound()))
            : Sentence.of(
                "the effect of %s on %s was seen and not looked at again in the %.1f s until its"
                    + " undo",
                fault.kind(), fault.victim(), unseen));
  }

  /** A node that was started anew, or is another one now, is silent without any other fault. */
  private static Optional<Event.OutsideChange> rebooted(
      History history, Event.FaultInjected fault) {
    var undo = EffectDuration.undo(history, fault.fault());
    return Recovery.events(history, Event.OutsideChange.class)
        .filter(e -> e.object().is(fault.victim()) || sameName(e.object(), fault.victim()))
        .filter(e ->
            e.change() == Change.GONE
                || (e.change() == Change.REBOOTED && !Kinds.is(fault.kind(), Trait.CUTS_POWER)))
        .filter(e -> !e.stamp().at().isBefore(fault.stamp().at()))
        .filter(e -> !CausalOrder.earliest(e.stamp()).isAfter(undo))
        .findFirst();
  }

  private static boolean sameName(ObjectRef one, ObjectRef other) {
    return one instanceof ObjectRef.Node a
        && other instanceof ObjectRef.Node b
        && a.name().equals(b.name());
  }

  /** A fault that was much shorter or longer than the drill has it is another drill. */
  private static Optional<Sentence> length(
      History history, Event.FaultInjected fault, EffectDuration course) {
    boolean undone =
        Recovery.events(history, Event.FaultReverting.class)
            .anyMatch(e -> e.fault().equals(fault.fault()));
    var asked =
        history.drill().faults().stream()
            .filter(f -> f.kind().word().equals(fault.kind()))
            .map(Fault::duration)
            .toList();
    if (!undone
        || !course.lasting()
        || asked.isEmpty()
        || asked.stream().anyMatch(Objects::isNull)) {
      return Optional.empty();
    }
    var durations = asked.stream().flatMap(Stream::ofNullable).sorted().toList();
    double lasted = EffectDuration.seconds(course.whole());
    double least = EffectDuration.seconds(durations.getFirst());
    double most = EffectDuration.seconds(durations.getLast());
    // whoever aborts a run undoes its faults: what was broken by then stays broken
    boolean shorter = lasted < SHORTER * least && !Observations.endedEarly(history);
    double held = held(history, fault, lasted);
    boolean longer = held > most + Math.max(OVERTIME, most / 2);
    return shorter || longer
        ? Optional.of(
            Sentence.of(
                "%s of %s lasted for %.1f s, and the drill asks for %.0f s",
                fault.kind(), fault.victim(), shorter ? lasted : held, shorter ? least : most))
        : Optional.empty();
  }

  /**
   * What counts of its time for how long it was held. Of what takes its time, that from when it was
   * last seen to be done; of several of a kind nothing does, for the first one waits for the
   * others.
   */
  private static double held(History history, Event.FaultInjected fault, double lasted) {
    if (!Kinds.is(fault.kind(), Trait.GRADUAL)) {
      return lasted;
    }
    long ofKind =
        Recovery.events(history, Event.FaultInjected.class)
            .filter(e -> e.kind().equals(fault.kind()))
            .count();
    return ofKind > 1
        ? 0
        : Recovery.events(history, Event.FaultVerified.class)
            .filter(e -> e.fault().equals(fault.fault()) && EffectDuration.byAnother(e))
            .map(e -> e.stamp().at())
            .max(Comparator.naturalOrder())
            .map(at -> Recovery.seconds(at, EffectDuration.undo(history, fault.fault())))
            .orElse(lasted);
  }

  private Finding pass(Sentence sentence, Event.FaultVerified verified) {
    return new Finding(
        name(), Status.PASS, null, null, "", sentence, Evidence.of(verified.evidence()));
  }

  private static <E extends Event> Optional<E> first(
      History history,
      Class<E> type,
      Event.FaultInjected fault,
      java.util.function.Function<E, String> of) {
    return Recovery.events(history, type)
        .filter(e -> of.apply(e).equals(fault.fault()))
        .findFirst();
  }
}
