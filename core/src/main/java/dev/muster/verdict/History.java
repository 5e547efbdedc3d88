package dev.muster.verdict;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Request;
import java.util.List;

/**
 * All that a check may look at: the drill, the timeline in order, and the ledger by intended time.
 */
public record History(Drill drill, List<Event> timeline, List<Request> ledger) {}
