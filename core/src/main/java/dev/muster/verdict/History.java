package dev.muster.verdict;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Integrity;
import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a check may look at: the drill, the timeline in order, the ledger by intended time, and
 * what server and log store tell of the ledger's requests.
 *
 * @param integrity of the files that it was read from; null where it was read from none
 */
public record History(
    Drill drill,
    List<Event> timeline,
    List<Request> ledger,
    List<Trace> traces,
    @Nullable Integrity integrity) {

  /** Read from no files. */
  public History(Drill drill, List<Event> timeline, List<Request> ledger, List<Trace> traces) {
    this(drill, timeline, ledger, traces, null);
  }
}
