package dev.muster.verdict;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.FaultNotReverted;
import dev.muster.timeline.Event.FaultReverted;
import java.util.List;

/** Every fault that was armed is undone, and was seen to be. The last word about a fault counts. */
final class FaultRevertedCheck implements Check {

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
    return Recovery.events(history, Event.FaultArmed.class)
        .map(Event.FaultArmed::fault)
        .distinct()
        .map(fault -> judge(history, fault))
        .toList();
  }

  private Finding judge(History history, String fault) {
    Event last = null;
    for (var event : history.timeline()) {
      boolean about =
          switch (event) {
            case FaultReverted e -> e.fault().equals(fault);
            case FaultNotReverted e -> e.fault().equals(fault);
            default -> false;
          };
      last = about ? event : last;
    }
    return switch (last) {
      case FaultReverted e ->
          new Finding(
              name(),
              Status.PASS,
              null,
              null,
              "",
              Sentence.of("the fault was undone"),
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
      case null, default ->
          Finding.inconclusive(
              name(),
              Sentence.of(
                  "fault %s was armed and nothing says that it was undone; run muster cleanup",
                  fault));
    };
  }
}
