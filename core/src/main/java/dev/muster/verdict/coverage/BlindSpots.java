package dev.muster.verdict.coverage;

import dev.muster.timeline.Event;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.Recovery;
import java.util.ArrayList;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keeps anybody from saying that something which was not seen did not happen. */
public final class BlindSpots {
  /** Of whom nothing is asked but what their own checks judge. */
  private static final Set<String> DATA = Set.of(Observations.ETCD, Observations.CACHES);

  private BlindSpots() {}

  /**
   * Why something that is not in the timeline may have happened all the same; null where it cannot.
   */
  public static @Nullable Sentence of(Recovery recovery) {
    var history = recovery.history();
    var reasons = new ArrayList<Sentence>();
    Recovery.events(history, Event.FaultNotVerified.class)
        .findFirst()
        .ifPresent(e ->
            reasons.add(Sentence.of("the fault was not seen to have any effect (%s)", e.why())));
    if (reasons.isEmpty()
        && Recovery.events(history, Event.FaultVerified.class).findAny().isEmpty()
        && Recovery.events(history, Event.FaultUnfinished.class).findAny().isEmpty()) {
      reasons.add(Sentence.of("whether the fault had any effect was not looked at"));
    }
    Recovery.events(history, Event.FaultInjected.class)
        .flatMap(f -> EffectDuration.lost(history, f.fault()).stream())
        .findFirst()
        .ifPresent(
            e -> reasons.add(Sentence.of("the effect of the fault did not last (%s)", e.why())));
    Recovery.events(history, Event.RunAborted.class)
        .findFirst()
        .ifPresent(e -> reasons.add(Sentence.of("the run was aborted (%s)", e.why())));
    if (Recovery.events(history, Event.RunEnded.class).findAny().isEmpty()) {
      reasons.add(Sentence.of("the run did not end: Muster was stopped during it"));
    }
    Recovery.events(history, Event.EnginePaused.class)
        .filter(e ->
            e.from().plus(e.length()).isAfter(recovery.fault())
                && e.from().isBefore(recovery.end()))
        .findFirst()
        .ifPresent(e ->
            reasons.add(
                Sentence.of(
                    "Muster itself stood still for %.1f s, %.1f s after the fault",
                    e.length().toNanos() / 1e9, recovery.since(e.from()))));
    Recovery.events(history, Event.ObservationLost.class)
        .filter(e -> !e.stamp().at().isAfter(recovery.end()))
        .filter(e -> !DATA.contains(e.what()))
        .findFirst()
        .ifPresent(e ->
            reasons.add(Sentence.of("the view of %s was lost for a time (%s)", e.what(), e.why())));
    return reasons.isEmpty() ? null : Sentence.list("; ", reasons);
  }
}
