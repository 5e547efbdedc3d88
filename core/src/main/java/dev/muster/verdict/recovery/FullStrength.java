package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When all lost pods or their replacements served again and clients felt no interruption any more.
 *
 * @param back the milestones by which each lost pod was back
 * @param at the last of them, or the end of the last interruption
 * @param latest the first success after the last interruption, which may have lasted until then
 */
public record FullStrength(List<MilestoneReached> back, Instant at, Instant latest) {

  /** Empty where no fault was, no pod was lost, or one or the clients were not seen to be back. */
  public static Optional<FullStrength> of(History history) {
    return Recovery.of(history).flatMap(FullStrength::of);
  }

  public static Optional<FullStrength> of(Recovery recovery) {
    var losses = LostPod.of(recovery);
    var interruptions = Interruption.all(recovery);
    if (losses.isEmpty()
        || losses.stream().anyMatch(loss -> loss.back().isEmpty())
        || (!interruptions.isEmpty() && interruptions.getLast().latest() == null)) {
      return Optional.empty();
    }
    var back = losses.stream().flatMap(loss -> loss.back().stream()).toList();
    var ready = back.stream().map(m -> m.stamp().at());
    var over = interruptions.stream().map(Interruption::end);
    var last = Stream.concat(ready, over).max(Instant::compareTo).orElseThrow();
    return Optional.of(new FullStrength(back, last, latest(interruptions, last)));
  }

  private static Instant latest(List<Interruption> interruptions, Instant last) {
    return interruptions.stream()
        .map(i -> Objects.requireNonNullElse(i.latest(), last))
        .filter(at -> at.isAfter(last))
        .max(Instant::compareTo)
        .orElse(last);
  }
}
