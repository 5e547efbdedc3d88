package dev.muster.verdict;

import dev.muster.timeline.Event;
import java.util.ArrayList;
import java.util.List;

/** A fault whose effect nobody saw proves nothing, nor does one that was announced and not done. */
final class FaultVerifiedCheck implements Check {

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
        .map(e -> Finding.inconclusive(name(), e.fault() + " had no effect: " + e.why()))
        .forEach(findings::add);
    Recovery.events(history, Event.FaultArmed.class)
        .filter(e -> !begun.contains(e.fault()))
        .filter(e -> doubts.stream().noneMatch(doubt -> doubt.fault().equals(e.fault())))
        .map(e ->
            Finding.inconclusive(
                name(), e.kind() + " of " + e.victim() + " was armed and never injected"))
        .forEach(findings::add);
    return findings.isEmpty()
        ? List.of(Finding.inconclusive(name(), "no fault was injected"))
        : findings;
  }

  private Finding judge(History history, Event.FaultInjected fault) {
    var doubt =
        Recovery.events(history, Event.FaultNotVerified.class)
            .filter(e -> e.fault().equals(fault.fault()))
            .findFirst();
    if (doubt.isPresent()) {
      return Finding.inconclusive(
          name(), fault.kind() + " of " + fault.victim() + " had no effect: " + doubt.get().why());
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
                "the effect of " + fault.kind() + " on " + fault.victim() + " was seen",
                Evidence.of(e.evidence())))
        .orElseGet(() ->
            Finding.inconclusive(
                name(),
                "whether "
                    + fault.kind()
                    + " of "
                    + fault.victim()
                    + " had an effect was not looked at"));
  }
}
