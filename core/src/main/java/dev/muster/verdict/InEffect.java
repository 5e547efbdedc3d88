package dev.muster.verdict;

import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How long a fault was in effect, as far as somebody looked.
 *
 * @param lasting whether there was something to look at until the undo
 * @param whole from the injection to the beginning of the undo; where nobody began it, to the end
 *     of what the timeline tells
 * @param unseen from the last look that saw the effect to the beginning of the undo
 * @param again whether it was seen more than once
 */
record InEffect(boolean lasting, Duration whole, Duration unseen, boolean again) {
  /** Done at once, and nothing of them goes on. */
  private static final Set<String> INSTANT = Set.of("ProcessKill", "PodKill");

  private static final Duration LEAST = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofSeconds(20);

  static InEffect of(History history, Event.FaultInjected fault) {
    Instant begun = fault.stamp().at();
    Instant undo =
        Recovery.events(history, Event.FaultReverting.class)
            .filter(e -> e.fault().equals(fault.fault()))
            .map(e -> e.stamp().at())
            .findFirst()
            .orElseGet(() -> latest(history));
    var verified =
        Recovery.events(history, Event.FaultVerified.class)
            .filter(e -> e.fault().equals(fault.fault()))
            .map(e -> e.stamp().at())
            .toList();
    var seen =
        Recovery.events(history, Event.EffectSeen.class)
            .filter(e -> e.fault().equals(fault.fault()))
            .map(e -> e.stamp().at())
            .toList();
    Instant last =
        Stream.concat(verified.stream(), seen.stream())
            .filter(at -> !at.isAfter(undo))
            .max(Comparator.naturalOrder())
            .orElse(begun);
    // a node that is started again is undone before its effect can be seen
    boolean undoneBefore =
        verified.stream().anyMatch(at -> at.isAfter(undo)) && fault.kind().equals("NodeShutdown");
    return new InEffect(
        !INSTANT.contains(fault.kind()) && !undoneBefore,
        Duration.between(begun, undo),
        Duration.between(last, undo),
        !seen.isEmpty());
  }

  private static Instant latest(History history) {
    return history.timeline().stream()
        .map(e -> e.stamp().at())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /**
   * So long before the undo the last look may be: a quarter of the whole, between 5 and 20 s. Those
   * who measure for the observer do so every 10 to 20 s.
   */
  Duration bound() {
    Duration quarter = whole.dividedBy(4);
    return quarter.compareTo(LEAST) < 0 ? LEAST : quarter.compareTo(MOST) > 0 ? MOST : quarter;
  }

  static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
