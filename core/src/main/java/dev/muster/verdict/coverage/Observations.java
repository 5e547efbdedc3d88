package dev.muster.verdict.coverage;

import dev.muster.timeline.Event;
import dev.muster.timeline.Trace;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What observers could find out for a check, and what not. */
public final class Observations {
  /** What observers are called in events; the log store's and a database's name is its own. */
  public static final String USAGE = "usage records";

  public static final String ETCD = "etcd";
  public static final String CACHES = "caches";
  public static final String LOGS = "elasticsearch";

  private Observations() {}

  /** Why something could not be asked; the last reason counts. */
  public static Optional<String> whyNotObserved(History history, String what) {
    return Recovery.events(history, Event.NotObserved.class)
        .filter(e -> e.what().equals(what))
        .map(Event.NotObserved::why)
        .reduce((_, last) -> last);
  }

  /**
   * The last of these events, if it tells how things are at the end: after the last fault was done
   * and undone, and not before somebody said that they could not be asked any more.
   */
  public static <E extends Event> Optional<E> atTheEnd(
      History history, String what, Class<E> type, Predicate<E> which) {
    var undone =
        history.timeline().stream()
            .filter(e -> e instanceof Event.FaultInjected || e instanceof Event.FaultReverted)
            .map(e -> e.stamp().at())
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    var unasked =
        Recovery.events(history, Event.NotObserved.class)
            .filter(e -> e.what().equals(what))
            .map(e -> e.stamp().at())
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    return Recovery.events(history, type)
        .filter(which)
        .reduce((_, last) -> last)
        .filter(e -> !e.stamp().at().isBefore(undone) && !e.stamp().at().isBefore(unasked));
  }

  /** Inconclusive, with the reason if there is one. */
  public static Finding inconclusive(
      History history, String check, String what, Sentence otherwise) {
    return Finding.inconclusive(
        check, whyNotObserved(history, what).map(Sentence::quote).orElse(otherwise));
  }

  /** The run ended before the service had time to recover: what is not back yet is no failure. */
  public static boolean endedEarly(History history) {
    return Recovery.events(history, Event.RunAborted.class).findAny().isPresent();
  }

  /** All traces of a source; empty where they were not read, or not all of them are in the file. */
  public static Optional<List<Trace>> traces(History history, Trace.Source source) {
    var traces = history.traces().stream().filter(t -> t.source() == source).toList();
    return Recovery.events(history, Event.TracesRead.class)
        .filter(e -> e.source() == source)
        .reduce((_, last) -> last)
        .filter(read -> read.rows() == traces.size())
        .map(_ -> traces);
  }
}
