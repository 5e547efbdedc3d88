package dev.muster.verdict.check.record;

import dev.muster.drill.field.DurationText;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node that is silent is called NotReady when its lease has not been renewed for the grace
 * period, and not before.
 */
final class GracePeriod {
  /** A kubelet renews its lease every 10 s, give or take 4 %. */
  private static final Duration RENEWAL = Duration.ofSeconds(11);

  private GracePeriod() {}

  static List<Sentence> broken(History history) {
    return length(history).stream().flatMap(grace -> broken(history, grace)).toList();
  }

  private static Stream<Sentence> broken(History history, Duration grace) {
    return Recovery.events(history, MilestoneReached.class)
        .filter(m -> m.milestone() == Milestone.NODE_NOT_READY)
        .flatMap(m ->
            silent(history, m)
                .flatMap(silence ->
                    CausalOrder.broken(
                        Sentence.of(
                            "its grace period of %.0f s can have been over", grace.toNanos() / 1e9),
                        silence.plus(grace),
                        EventOrder.words(m),
                        m.stamp().at(),
                        CausalOrder.SLACK))
                .stream());
  }

  /**
   * The earliest at which its kubelet may have renewed its lease for the last time; empty where
   * nobody made it silent, so that it may have said itself that it is not ready.
   */
  private static Optional<Instant> silent(History history, MilestoneReached notReady) {
    var node = notReady.object();
    var taken =
        Recovery.events(history, FaultInjected.class)
            .filter(e -> Recovery.takes(e.kind()))
            .filter(e -> e.victim().is(node))
            .map(e -> CausalOrder.earliest(e.stamp()).minus(RENEWAL))
            .findFirst();
    if ("False".equals(notReady.detail().get("status")) || taken.isEmpty()) {
      return Optional.empty();
    }
    return Recovery.events(history, MilestoneReached.class)
        .filter(m -> m.milestone() == Milestone.LAST_LEASE)
        .filter(m -> m.object().is(node))
        .map(m -> CausalOrder.earliest(m.stamp()))
        .max(Comparator.naturalOrder())
        .or(() -> taken);
  }

  /** Where it was observed: {@code 40s}, {@code 50s (default of 1.37)}. */
  private static Optional<Duration> length(History history) {
    return new Settings(history)
        .named("node-monitor-grace-period").stream()
            .map(SettingObserved::value)
            .flatMap(value -> DurationText.parse(value.split(" ", 2)[0]).stream())
            .findFirst();
  }
}
