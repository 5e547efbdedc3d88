package dev.muster.fault;

import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a fault writes into the timeline.
 *
 * @param fault its id
 * @param kind as in the drill file
 */
public record FaultEventRecorder(
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

  Event injection(Stamp at) {
    return new Event.FaultInjected(at, fault, kind, victim);
  }

  /** Tells what became of an undo; true if it is undone. */
  boolean ended(Carrier.End end) {
    tell(
        switch (end) {
          case Carrier.Undone undone ->
              new Event.FaultReverted(
                  new Stamp(undone.since(), undone.by(), null, Duration.ZERO),
                  fault,
                  Map.copyOf(undone.evidence()));
          case Carrier.Left left -> new Event.FaultNotReverted(now(), fault, left.why());
          case Carrier.Unseen unseen -> new Event.FaultRevertUnseen(now(), fault, unseen.why());
        });
    return end instanceof Carrier.Undone;
  }

  void notVerified(String why) {
    timeline.accept(new Event.FaultNotVerified(now(), fault, why));
  }

  void unfinished(Map<String, String> left) {
    timeline.accept(new Event.FaultUnfinished(now(), fault, Map.copyOf(left)));
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
