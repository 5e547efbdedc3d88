package dev.muster.verdict;

import dev.muster.timeline.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A fault whose effect nobody saw proves nothing, nor does one that was announced and not done, or
 * that was over before its undo began.
 */
final class FaultVerifiedCheck implements Check {

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
            Finding.inconclusive(name(), Sentence.of("%s had no effect: %s", e.fault(), e.why())))
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
              "%s of %s had no effect: %s", fault.kind(), fault.victim(), doubt.get().why()));
    }
    var course = InEffect.of(history, fault);
    var lost = InEffect.lost(history, fault.fault());
    if (lost.isPresent()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "%s of %s did not last: in effect for %.1f of %.1f s (%s)",
              fault.kind(),
              fault.victim(),
              InEffect.seconds(lost.get().lasted()),
              InEffect.seconds(course.whole()),
              lost.get().why()));
    }
    return first(history, Event.FaultVerified.class, fault, Event.FaultVerified::fault)
        .map(verified -> seen(fault, verified, course))
        .orElseGet(() ->
            Finding.inconclusive(
                name(),
                Sentence.of(
                    "whether %s of %s had an effect was not looked at",
                    fault.kind(), fault.victim())));
  }

  private Finding seen(Event.FaultInjected fault, Event.FaultVerified verified, InEffect course) {
    if (!course.lasting()) {
      return pass(
          Sentence.of("the effect of %s on %s was seen", fault.kind(), fault.victim()), verified);
    }
    var unseen = InEffect.seconds(course.unseen());
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
                "the effect of %s on %s was not seen in the last %.1f s before its undo; more than %.1f s prove nothing of its end",
                fault.kind(), fault.victim(), unseen, InEffect.seconds(course.bound()))
            : Sentence.of(
                "the effect of %s on %s was seen and not looked at again in the %.1f s until its undo",
                fault.kind(), fault.victim(), unseen));
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
