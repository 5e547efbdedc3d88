package dev.muster.verdict.check.record;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.FaultArmed;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.FaultReverted;
import dev.muster.timeline.Event.FaultVerified;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A fault is armed, injected, seen and undone, and its victim suffers after it. */
final class FaultOrder {
  /** What only the fault does to its victim, where it does it. */
  private static final Set<Milestone> SUFFERED =
      Set.of(Milestone.NODE_NOT_READY, Milestone.POWER_OFF, Milestone.CONTAINER_ENDED);

  /** Stamped when they are written, so that their order in the file is that of their times. */
  private static final Set<Class<? extends Event>> WRITTEN_AT_ONCE =
      Set.of(
          Event.RunStarted.class,
          Event.PhaseStarted.class,
          Event.PhaseEnded.class,
          Event.LoadStarted.class,
          FaultArmed.class,
          Event.ResidueAudited.class,
          Event.RunEnded.class);

  /** A full queue at the disk; a clock that is set is set by more. */
  private static final Duration WRITING = Duration.ofSeconds(5);

  private FaultOrder() {}

  static List<Sentence> broken(History history) {
    return Stream.of(lives(history), suffered(history), seen(history), written(history))
        .flatMap(broken -> broken)
        .toList();
  }

  private static Stream<Sentence> lives(History history) {
    return Recovery.events(history, FaultArmed.class)
        .map(FaultArmed::fault)
        .distinct()
        .flatMap(fault -> {
          var armed = first(history, FaultArmed.class, e -> e.fault().equals(fault));
          var injected = first(history, FaultInjected.class, e -> e.fault().equals(fault));
          var verified = first(history, FaultVerified.class, e -> e.fault().equals(fault));
          var undo = first(history, Event.FaultReverting.class, e -> e.fault().equals(fault));
          var reverted = first(history, FaultReverted.class, e -> e.fault().equals(fault));
          return Stream.of(
                  broken(armed, injected),
                  broken(armed, verified),
                  broken(injected, verified),
                  broken(injected, undo),
                  broken(armed, reverted),
                  broken(injected, reverted))
              .flatMap(Optional::stream);
        });
  }

  private static <E extends Event> Optional<E> first(
      History history, Class<E> type, Predicate<E> which) {
    return Recovery.events(history, type).filter(which).findFirst();
  }

  private static Optional<Sentence> broken(
      Optional<? extends Event> cause, Optional<? extends Event> effect) {
    return cause.flatMap(c ->
        effect.flatMap(e ->
            CausalOrder.broken(
                words(c),
                CausalOrder.earliest(c.stamp()),
                words(e),
                e.stamp().at(),
                CausalOrder.SLACK)));
  }

  private static Stream<Sentence> suffered(History history) {
    return Recovery.events(history, FaultInjected.class)
        .flatMap(injected ->
            Recovery.events(history, MilestoneReached.class)
                .filter(m -> SUFFERED.contains(m.milestone()))
                .filter(m -> m.object().is(injected.victim()))
                .flatMap(m ->
                    CausalOrder.broken(
                        words(injected),
                        CausalOrder.earliest(injected.stamp()),
                        EventOrder.words(m),
                        m.stamp().at(),
                        CausalOrder.SLACK)
                        .stream()));
  }

  /** Nobody sees a node without power that still has it. */
  private static Stream<Sentence> seen(History history) {
    return Recovery.events(history, FaultInjected.class)
        .flatMap(injected ->
            Recovery.events(history, MilestoneReached.class)
                .filter(m -> m.milestone() == Milestone.POWER_OFF)
                .filter(m -> m.object().is(injected.victim()))
                .filter(m -> !m.stamp().at().isBefore(injected.stamp().at()))
                .limit(1)
                .flatMap(off ->
                    first(history, FaultVerified.class, e -> e.fault().equals(injected.fault()))
                        .flatMap(verified ->
                            CausalOrder.broken(
                                EventOrder.words(off),
                                CausalOrder.earliest(off.stamp()),
                                words(verified),
                                verified.stamp().at(),
                                CausalOrder.SLACK))
                        .stream()));
  }

  /** Up to the run's end: what comes later was written by another process on a clock of its own. */
  private static Stream<Sentence> written(History history) {
    var broken = new ArrayList<Sentence>();
    Event latest = null;
    for (var event : history.timeline()) {
      if (!WRITTEN_AT_ONCE.contains(event.getClass())) {
        continue;
      }
      if (latest != null) {
        CausalOrder.broken(
                words(latest), latest.stamp().at(), words(event), event.stamp().at(), WRITING)
            .ifPresent(broken::add);
      }
      if (latest == null || event.stamp().at().isAfter(latest.stamp().at())) {
        latest = event;
      }
      if (event instanceof Event.RunEnded) {
        break;
      }
    }
    return broken.stream();
  }

  private static Sentence words(Event event) {
    return switch (event) {
      case Event.PhaseStarted e -> Sentence.of("%s began", Sentence.word("phase", e.phase()));
      case Event.PhaseEnded e -> Sentence.of("%s ended", Sentence.word("phase", e.phase()));
      default -> Sentence.quote(event.getClass().getSimpleName());
    };
  }
}
