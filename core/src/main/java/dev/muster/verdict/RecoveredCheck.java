package dev.muster.verdict;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * RTO: from the fault until every pod that was lost serves again (its replacement, or itself on the
 * returned node) and the longest interruption is over.
 */
final class RecoveredCheck implements Check {

  @Override
  public String name() {
    return "recovered";
  }

  @Override
  public List<Finding> judge(History history) {
    var within = history.drill().expect().recoveredWithin();
    if (within == null) {
      return List.of();
    }
    return List.of(
        Recovery.of(history)
            .map(recovery -> judge(recovery, within))
            .orElseGet(() -> Finding.inconclusive(name(), Sentence.of("no fault was injected"))));
  }

  private Finding judge(Recovery recovery, Duration within) {
    var losses = Loss.of(recovery);
    if (losses.isEmpty()) {
      return Finding.inconclusive(
          name(),
          Sentence.of(
              "no pod of the target is known to have been lost to %s", recovery.victim().name()));
    }
    var missing =
        losses.stream()
            .filter(loss -> loss.back().isEmpty())
            .map(loss -> loss.pod().name())
            .toList();
    if (!missing.isEmpty()) {
      boolean nodeBack = recovery.reachedByVictim(Milestone.NODE_READY).isPresent();
      var why =
          Sentence.of(
              "%s and no replacement of it was seen serving again", Sentence.names(", ", missing));
      return nodeBack
          ? Finding.inconclusive(
              name(), Sentence.of("%s, but its node is back and may serve it", why))
          : Missed.finding(name(), recovery, within, why);
    }
    var back = losses.stream().flatMap(loss -> loss.back().stream()).toList();
    var last =
        Stream.concat(
                back.stream().map(m -> m.stamp().at()),
                Interruption.of(recovery).map(Interruption::end).stream())
            .max(Instant::compareTo)
            .orElseThrow();
    return judge(recovery, within, back, last);
  }

  private Finding judge(
      Recovery recovery, Duration within, List<MilestoneReached> back, Instant last) {
    double seconds = recovery.since(last);
    boolean late = seconds > within.toNanos() / 1e9;
    var restored =
        Sentence.of("the service was back to full strength %.1f s after the fault", seconds);
    return new Finding(
        name(),
        late ? Status.FAIL : Status.PASS,
        seconds,
        within.toNanos() / 1e9,
        "s",
        late ? Phases.blamed(restored, recovery, recovery.fault(), last) : restored,
        back.stream().map(recovery::evidence).toList());
  }
}
