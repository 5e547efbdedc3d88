package dev.muster.fault;

import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a fault writes into the timeline.
 *
 * @param fault its id
 * @param kind as in the drill file
 */
record FaultEventRecorder(
    String fault, String kind, ObjectRef.Victim victim, Time clock, Consumer<Event> timeline) {

  Stamp now() {
    return Stamp.engine(clock.instant());
  }

  /** What must be on disk before anything is done: a failure to write it is the caller's. */
  void announce(Event event) {
    timeline.accept(event);
  }

  /**
   * Its undo is known from here on.
   *
   * @param latest when it is undone at the latest; null where there is nothing to undo
   */
  void armed(@Nullable Instant latest, Map<String, String> undo) {
    announce(new Event.FaultArmed(now(), fault, kind, victim, latest, undo));
  }

  void injected(Stamp at) {
    announce(injection(at));
  }

  Event injection(Stamp at) {
    return new Event.FaultInjected(at, fault, kind, victim);
  }

  /** False, and told, where what is to be seen is there already: seeing it would prove nothing. */
  boolean mayBegin(GuardedEffect guarded) throws InterruptedException {
    Optional<String> already = guarded.before();
    already.ifPresent(why -> notVerified("not injected: " + why));
    return already.isEmpty();
  }

  /**
   * Looks until the effect is seen or the time is over, and tells either.
   *
   * @param more what else is told where it was seen
   */
  boolean verified(
      GuardedEffect guarded,
      Duration atMost,
      Sleeper sleeper,
      Duration step,
      Supplier<Map<String, String>> more)
      throws InterruptedException {
    Time.Deadline deadline = clock.in(atMost);
    while (!deadline.over()) {
      Optional<Map<String, String>> seen = guarded.seen();
      if (seen.isPresent()) {
        Map<String, String> evidence = new LinkedHashMap<>(seen.get());
        evidence.putAll(more.get());
        announce(new Event.FaultVerified(now(), fault, evidence));
        return true;
      }
      sleeper.of(step);
    }
    notVerified(guarded.unseen());
    return false;
  }

  /**
   * Undone since then, which was seen now.
   *
   * @param by who undid it or says so
   */
  void reverted(Instant since, String by, Map<String, String> evidence) {
    tell(
        new Event.FaultReverted(
            new Stamp(since, by, null, Duration.ZERO), fault, Map.copyOf(evidence)));
  }

  /** It may be undone, or not: nobody was there to see it. */
  void revertUnseen(String why) {
    tell(new Event.FaultRevertUnseen(now(), fault, why));
  }

  void notReverted(String why) {
    tell(new Event.FaultNotReverted(now(), fault, why));
  }

  void notVerified(String why) {
    timeline.accept(new Event.FaultNotVerified(now(), fault, why));
  }

  /**
   * The undo must not fail because its announcement does: a full disk is no reason to leave a
   * fault.
   */
  void tell(Event event) {
    try {
      timeline.accept(event);
    } catch (RuntimeException e) {
      System.err.println("muster: can not write to the timeline: " + e.getMessage());
    }
  }
}
