package dev.muster.verdict;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** From the fault until each of the target's pods on the victim has a replacement that is Ready. */
final class ReplacedPodsCheck implements Check {

  @Override
  public String name() {
    return "replacedPods";
  }

  @Override
  public List<Finding> judge(History history) {
    var within = history.drill().expect().replacedWithin();
    if (within == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, within))
            .orElseGet(() -> Finding.inconclusive(name(), "no fault was injected")));
  }

  private Finding judge(Recovery recovery, Duration within) {
    var losses =
        Loss.of(recovery).stream().filter(l -> recovery.needsReplacement(l.pod())).toList();
    if (losses.isEmpty()) {
      return Finding.inconclusive(
          name(), "no pod of the target is known to have needed a replacement");
    }
    var open =
        losses.stream()
            .filter(loss -> loss.reached(Milestone.REPLACEMENT_READY).isEmpty())
            .toList();
    if (!open.isEmpty()) {
      return Missed.finding(
          name(),
          recovery,
          within,
          open.size()
              + " of "
              + losses.size()
              + " pods on "
              + recovery.victim()
              + " were not replaced ("
              + open.getFirst().pod()
              + "): "
              + standstill(recovery));
    }
    var ready =
        losses.stream()
            .flatMap(loss -> loss.reached(Milestone.REPLACEMENT_READY).stream())
            .toList();
    var last = ready.stream().map(m -> m.stamp().at()).max(Instant::compareTo).orElseThrow();
    double seconds = recovery.since(last);
    boolean late = seconds > within.toNanos() / 1e9;
    var blame = late ? Phases.blame(recovery, recovery.fault(), last) : Optional.<String>empty();
    return new Finding(
        name(),
        late ? Status.FAIL : Status.PASS,
        seconds,
        within.toNanos() / 1e9,
        "s",
        String.format(
            Locale.ROOT,
            "%d pods on %s were replaced %.1f s after the fault%s",
            losses.size(),
            recovery.victim(),
            seconds,
            blame.map(text -> "; " + text).orElse("")),
        ready.stream().map(recovery::evidence).toList());
  }

  /** The phase in which the slowest pod got stuck, and what ended the wait. */
  private static String standstill(Recovery recovery) {
    var open = Phases.of(recovery).getLast();
    if (open.to() != null) {
      return open.blame();
    }
    var powered =
        recovery
            .reachedByVictim(Milestone.POWER_ON)
            .map(MilestoneReached::stamp)
            .map(stamp ->
                String.format(
                    Locale.ROOT,
                    " when power came back %.0f s after the fault",
                    recovery.since(stamp.at())))
            .orElse("");
    return open.name() + " had not ended" + powered + "; it is owned by " + open.blame();
  }
}
