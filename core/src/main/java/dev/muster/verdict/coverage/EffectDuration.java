package dev.muster.verdict.coverage;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.wire.AgentEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How long a fault was in effect, as far as somebody looked.
 *
 * @param lasting whether there was something to look at until the undo
 * @param whole from the injection, of what takes its time from when it was seen to be done, to the
 *     beginning of the undo; where nobody began it, to the end of what the timeline tells
 * @param unseen from the last look that saw the effect to the beginning of the undo
 * @param again whether it was seen more than once
 * @param apart the longest time between two looks that saw it, or before the first one: a stranger
 *     may have taken it away and put it back meanwhile
 */
public record EffectDuration(
    boolean lasting, Duration whole, Duration unseen, boolean again, Duration apart) {
  private static final Duration LEAST = Duration.ofSeconds(5);
  private static final Duration MOST = Duration.ofSeconds(20);
  private static final Duration AWAY = Duration.ofSeconds(30);

  /**
   * An agent ends its fault by its own clock, and the engine by its own: so long before the engine
   * an agent that says that the time is over may be.
   */
  private static final Duration AHEAD = Duration.ofSeconds(2);

  /** That the effect of a fault was over before its time; the first word of it counts. */
  public static Optional<Event.EffectLost> lost(History history, String fault) {
    var undo = undo(history, fault);
    boolean endedByAgent =
        Recovery.events(history, Event.AgentSaid.class)
            .anyMatch(e ->
                e.fault().equals(fault)
                    && e.what().equals("reverting")
                    && AgentEvent.Reverting.OVER.equals(e.detail().get("why")));
    return Recovery.events(history, Event.EffectLost.class)
        .filter(e -> e.fault().equals(fault))
        .findFirst()
        .filter(e -> !endedByAgent || e.stamp().at().isBefore(undo.minus(AHEAD)));
  }

  /** When its undo began; where nobody began it, the end of what the timeline tells. */
  public static Instant undo(History history, String fault) {
    return Recovery.events(history, Event.FaultReverting.class)
        .filter(e -> e.fault().equals(fault))
        .map(e -> e.stamp().at())
        .findFirst()
        .orElseGet(() -> latest(history));
  }

  public static EffectDuration of(History history, Event.FaultInjected fault) {
    Instant undo = undo(history, fault.fault());
    var verified =
        Recovery.events(history, Event.FaultVerified.class)
            .filter(e -> e.fault().equals(fault.fault()) && byAnother(e))
            .map(e -> e.stamp().at())
            .toList();
    Instant begun =
        Kinds.is(fault.kind(), Trait.GRADUAL)
            ? verified.stream().min(Comparator.naturalOrder()).orElse(fault.stamp().at())
            : fault.stamp().at();
    var seen =
        Recovery.events(history, Event.EffectSeen.class)
            .filter(e -> e.fault().equals(fault.fault()) && byAnother(e))
            .map(e -> e.stamp().at())
            .toList();
    Instant last = begun;
    Duration apart = Duration.ZERO;
    for (var at :
        Stream.concat(verified.stream(), seen.stream())
            .filter(at -> at.isAfter(begun) && !at.isAfter(undo))
            .sorted()
            .toList()) {
      var since = Duration.between(last, at);
      apart = since.compareTo(apart) > 0 ? since : apart;
      last = at;
    }
    // a node that is started again is undone before its effect can be seen
    boolean undoneBefore =
        verified.stream().anyMatch(at -> at.isAfter(undo))
            && Kinds.is(fault.kind(), Trait.CUTS_POWER);
    return new EffectDuration(
        !Kinds.is(fault.kind(), Trait.INSTANT) && !undoneBefore,
        Duration.between(begun, undo),
        Duration.between(last, undo),
        !seen.isEmpty(),
        apart);
  }

  /** What an agent says of its own deed is no look of somebody else's. */
  public static boolean byAnother(Event look) {
    var evidence =
        switch (look) {
          case Event.FaultVerified e -> e.evidence();
          case Event.EffectSeen e -> e.evidence();
          default -> Map.<String, String>of();
        };
    boolean own =
        !evidence.isEmpty() && evidence.keySet().stream().allMatch(key -> key.startsWith("agent"));
    return !own && !look.stamp().source().equals("agent");
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
  public Duration bound() {
    Duration quarter = whole.dividedBy(4);
    return quarter.compareTo(LEAST) < 0 ? LEAST : quarter.compareTo(MOST) > 0 ? MOST : quarter;
  }

  /**
   * So long nobody may have looked while it was held: half of the whole, and no less than 30 s. An
   * API server that is away for a minute hides a long fault that long.
   */
  public Duration away() {
    Duration half = whole.dividedBy(2);
    return half.compareTo(AWAY) < 0 ? AWAY : half;
  }

  public static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
