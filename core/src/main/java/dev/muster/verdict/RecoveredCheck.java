package dev.muster.verdict;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * RTO: from the fault until every pod that was lost serves again (its replacement, or itself on the
 * returned node) and the last interruption is over.
 */
final class RecoveredCheck implements Check {

  @Override
  public String name() {
    return "recovered";
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.LOAD, Need.WATCHES);
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
    var gone = losses.stream().filter(loss -> loss.back().isEmpty()).map(Loss::pod).toList();
    if (!gone.isEmpty()) {
      var missing = gone.stream().map(ObjectRef.Pod::name).toList();
      // one that was evicted ends with its node's return
      boolean nodeBack =
          recovery.reachedByVictim(Milestone.NODE_READY).isPresent()
              && gone.stream()
                  .allMatch(pod -> recovery.reachedByPod(Milestone.POD_EVICTED, pod).isEmpty());
      var why =
          Sentence.of(
              "%s and no replacement of it was seen serving again", Sentence.names(", ", missing));
      return nodeBack
          ? Finding.inconclusive(
              name(), Sentence.of("%s, but its node is back and may serve it", why))
          : Missed.finding(name(), recovery, within, why);
    }
    var back = losses.stream().flatMap(loss -> loss.back().stream()).toList();
    var interruptions = Interruption.all(recovery);
    if (!interruptions.isEmpty() && interruptions.getLast().latest() == null) {
      return neverEnded(recovery, within);
    }
    var ready = back.stream().map(m -> m.stamp().at());
    var over = interruptions.stream().map(Interruption::end);
    var last = Stream.concat(ready, over).max(Instant::compareTo).orElseThrow();
    return judge(recovery, within, back, last, latest(interruptions, last));
  }

  private Finding neverEnded(Recovery recovery, Duration within) {
    double seconds = recovery.since(recovery.loadEnd());
    boolean late = seconds > within.toNanos() / 1e9;
    return new Finding(
        name(),
        late ? Status.FAIL : Status.INCONCLUSIVE,
        null,
        within.toNanos() / 1e9,
        "s",
        Sentence.of(
            "clients got no answer any more when the load ended %.1f s after the fault", seconds),
        List.of());
  }

  /** The first success after the last interruption: that one may have lasted until then. */
  private static Instant latest(List<Interruption> interruptions, Instant last) {
    return interruptions.stream()
        .map(i -> Objects.requireNonNullElse(i.latest(), last))
        .filter(at -> at.isAfter(last))
        .max(Instant::compareTo)
        .orElse(last);
  }

  private Finding judge(
      Recovery recovery,
      Duration within,
      List<MilestoneReached> back,
      Instant last,
      Instant latest) {
    double seconds = recovery.since(last);
    double bound = within.toNanos() / 1e9;
    boolean late = seconds > bound;
    boolean perhaps = recovery.since(latest) > bound;
    var restored =
        Sentence.of("the service was back to full strength %.1f s after the fault", seconds);
    return new Finding(
        name(),
        late ? Status.FAIL : perhaps ? Status.INCONCLUSIVE : Status.PASS,
        seconds,
        bound,
        "s",
        late
            ? Phases.blamed(restored, recovery, recovery.fault(), last)
            : perhaps
                ? Sentence.of(
                    "%s, or as late as %.1f s: no answer came between",
                    restored, recovery.since(latest))
                : restored,
        back.stream().map(recovery::evidence).toList(),
        Sample.of(back.size(), recovery.fault(), last));
  }
}
