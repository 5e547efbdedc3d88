package dev.muster.engine.world;

import dev.muster.drill.time.Time;
import dev.muster.engine.run.Ports;
import dev.muster.engine.time.VirtualTime;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What watches see: each node, once a second. */
final class WorldWatch implements Ports.Watch {
  private final World world;
  private final VirtualTime time;
  private final Consumer<Event> timeline;
  private final Time.Signal closed;
  private final Map<String, Boolean> ready = new HashMap<>();
  private boolean blind;

  WorldWatch(World world, Consumer<Event> timeline) {
    this.world = world;
    this.time = world.time;
    this.timeline = timeline;
    this.closed = time.signal();
    time.start("watch", this::run);
  }

  private void run() {
    try {
      while (!closed.await(Duration.ofSeconds(1))) {
        try {
          look();
        } catch (dev.muster.timeline.file.JournalException e) {
          // the abort is asked for
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    Stamp now = Stamp.seen(time.instant(), "api-server", Duration.ofSeconds(1));
    if (world.isBlind() != blind) {
      blind = !blind;
      timeline.accept(
          blind
              ? new Event.ObservationLost(now, "watch of Node", "made up")
              : new Event.ObservationResumed(now, "watch of Node"));
    }
    if (!blind) {
      for (String node : world.nodes.keySet()) {
        boolean is = world.ready(node);
        if (ready.getOrDefault(node, true) != is) {
          ready.put(node, is);
          timeline.accept(
              new Event.MilestoneReached(
                  now,
                  is ? Milestone.NODE_READY : Milestone.NODE_NOT_READY,
                  new ObjectRef.Node(node, null),
                  Map.of()));
        }
      }
    }
  }

  @Override
  public String nodeStates() {
    return "";
  }

  @Override
  public void victimNode(ObjectRef.Node node) {
    // all are watched
  }

  @Override
  public void victimPod(ObjectRef.Pod pod) {
    // pods are none of these watches
  }

  @Override
  public void close() {
    closed.raise();
  }
}
