package dev.muster.engine.run;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What the events so far add up to, as far as the engine must know it. Safe for several threads.
 */
public final class RunState implements Consumer<Event> {
  private final Map<Milestone, Set<ObjectRef>> reached = new EnumMap<>(Milestone.class);
  private final Map<String, Event.FaultArmed> pending = new TreeMap<>();
  private final Set<String> nodes = new TreeSet<>();
  private final Set<String> momentary = new HashSet<>();
  private boolean armed;

  public static RunState of(List<Event> events) {
    RunState state = new RunState();
    events.forEach(state);
    return state;
  }

  @Override
  public synchronized void accept(Event event) {
    switch (event) {
      case Event.MilestoneReached e ->
          reached.computeIfAbsent(e.milestone(), _ -> new HashSet<>()).add(e.object());
      case Event.FaultArmed e -> {
        armed = true;
        pending.put(e.fault(), e);
        if (e.ttl() == null) {
          momentary.add(e.fault());
        }
        String node = e.undo().get("node");
        if (node != null) {
          nodes.add(node);
        }
      }
      case Event.FaultReverted e -> pending.remove(e.fault());
      default -> {
        // not for the engine
      }
    }
  }

  synchronized boolean reached(Milestone milestone) {
    return reached.containsKey(milestone);
  }

  public synchronized Set<ObjectRef> objects(Milestone milestone) {
    return Set.copyOf(reached.getOrDefault(milestone, Set.of()));
  }

  /** On which faults were. */
  public synchronized Set<String> nodes() {
    return Set.copyOf(nodes);
  }

  /** A fault with something to undo was announced, and its undo is not known to have worked. */
  synchronized boolean undoPending() {
    return pending.values().stream().anyMatch(fault -> fault.ttl() != null);
  }

  /** The fault was done in a moment, as a kill: its end says nothing. */
  synchronized boolean nothingToUndo(String fault) {
    return momentary.contains(fault);
  }

  /** What became of the faults, for a person whose run has no record of it. */
  public synchronized String fate() {
    if (!armed) {
      return "no fault was begun";
    }
    if (pending.isEmpty()) {
      return "every fault is undone";
    }
    return "NOT UNDONE: "
        + pending.values().stream()
            .map(fault -> fault.kind() + " of " + fault.victim())
            .collect(Collectors.joining(", "))
        + "; "
        + Unattended.of(pending.values());
  }

  /** There is a ready replacement for every evicted pod; some may have been refused by a node. */
  synchronized boolean replacementsReady() {
    return reached.getOrDefault(Milestone.REPLACEMENT_READY, Set.of()).size()
        >= reached.getOrDefault(Milestone.POD_EVICTED, Set.of()).size();
  }
}
