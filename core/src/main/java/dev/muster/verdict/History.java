package dev.muster.verdict;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import java.util.List;

/**
 * All that a check may look at: the drill, the timeline in order, the ledger by intended time, and
 * what server and log store tell of the ledger's requests.
 */
public record History(
    Drill drill, List<Event> timeline, List<Request> ledger, List<Trace> traces) {}
