package dev.muster.verdict;

import dev.muster.timeline.Event;
import java.util.ArrayList;
import java.util.List;

/** A fault whose effect nobody saw proves nothing, nor does one that was announced and not done. */
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
    var doubt =
        Recovery.events(history, Event.FaultNotVerified.class)
            .filter(e -> e.fault().equals(fault.fault()))
            .findFirst();
    if (doubt.isPresent()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "%s of %s had no effect: %s", fault.kind(), fault.victim(), doubt.get().why()));
    }
    return Recovery.events(history, Event.FaultVerified.class)
        .filter(e -> e.fault().equals(fault.fault()))
        .findFirst()
        .map(e ->
            new Finding(
                name(),
                Status.PASS,
                null,
                null,
                "",
                Sentence.of("the effect of %s on %s was seen", fault.kind(), fault.victim()),
                Evidence.of(e.evidence())))
        .orElseGet(() ->
            Finding.inconclusive(
                name(),
                Sentence.of(
                    "whether %s of %s had an effect was not looked at",
                    fault.kind(), fault.victim())));
  }
}
