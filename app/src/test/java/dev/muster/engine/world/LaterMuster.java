package dev.muster.engine.world;

import dev.muster.drill.port.Power;
import dev.muster.engine.time.VirtualTime;
import dev.muster.fault.Course;
import dev.muster.timeline.Event;
import java.util.Set;
import java.util.function.Consumer;

/** A Muster that comes after one that ended, to the same {@link World}. */
final class LaterMuster {
  private final World world;
  private final VirtualTime time;

  LaterMuster(World world) {
    this.world = world;
    this.time = world.time;
  }

  /** Undoes what a journal tells. */
  boolean undo(Event.FaultArmed fault, Consumer<Event> timeline) throws InterruptedException {
    if (fault.kind().equals("NodeShutdown")) {
      return Course.armedBefore(
              fault,
              world.power(),
              new WorldEffects(world).silent(fault.victim().name()),
              time,
              timeline)
          .revert("undone by a later Muster");
    }
    return new WorldCluster(world).audit(Set.of()).residue().isEmpty();
  }

  /** What the provider says of a victim. */
  boolean off(Event.FaultArmed fault) {
    return world.power().state(fault.victim().name()) == Power.State.OFF;
  }
}
