package dev.muster.fault;

import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * What a fault writes into the timeline.
 *
 * @param fault its id
 * @param kind as in the drill file
 * @param victim {@code NODE} or {@code pod/NAMESPACE/NAME}
 */
record Account(
    String fault, String kind, String victim, InstantSource clock, Consumer<Event> timeline) {

  Stamp now() {
    return Stamp.engine(clock.instant());
  }

  /** What must be on disk before anything is done: a failure to write it is the caller's. */
  void announce(Event event) {
    timeline.accept(event);
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
