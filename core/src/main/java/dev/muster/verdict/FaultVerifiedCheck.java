package dev.muster.verdict;

import dev.muster.timeline.Event;
import java.util.List;

/** A fault whose effect nobody saw proves nothing. */
final class FaultVerifiedCheck implements Check {

  @Override
  public String name() {
    return "faultVerified";
  }

  @Override
  public List<Finding> judge(History history) {
    var injected = Recovery.events(history, Event.FaultInjected.class).toList();
    if (injected.isEmpty()) {
      return List.of(Finding.inconclusive(name(), "no fault was injected"));
    }
    return injected.stream().map(fault -> judge(history, fault)).toList();
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
