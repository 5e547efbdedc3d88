package dev.muster.verdict.finding;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.Integrity;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a check may look at: the drill, the timeline in order, the ledger by intended time, and
 * what server and log store tell of the ledger's requests.
 *
 * @param retries what users' SDKs sent after a first attempt of the ledger; only what is lost,
 *     refused or unreachable is counted by them
 * @param integrity of the files that it was read from; null where it was read from none
 */
public record History(
    Drill drill,
    List<Event> timeline,
    List<Request> ledger,
    List<Request> retries,
    List<Trace> traces,
    @Nullable Integrity integrity) {

  /** Of users who ask once. */
  public History(
      Drill drill,
      List<Event> timeline,
      List<Request> ledger,
      List<Trace> traces,
      @Nullable Integrity integrity) {
    this(drill, timeline, ledger, List.of(), traces, integrity);
  }

  /** Read from no files. */
  public History(Drill drill, List<Event> timeline, List<Request> ledger, List<Trace> traces) {
    this(drill, timeline, ledger, traces, null);
  }

  /** All that was sent: first attempts and those after them. */
  public Stream<Request> attempts() {
    return Stream.concat(ledger.stream(), retries.stream());
  }
}
