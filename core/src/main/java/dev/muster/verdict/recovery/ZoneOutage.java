package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.FaultReverting;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A zone whose nodes faults took, all or some of them.
 *
 * @param faults that took one, at least one
 * @param begin when the last of them began
 * @param ends when each of them began to be undone, as far as that was told
 */
public record ZoneOutage(
    String zone, List<FaultInjected> faults, Instant begin, List<Instant> ends) {

  /** By zone; without nodes that say none, or of which nobody told. */
  public static List<ZoneOutage> of(Recovery recovery, Zones zones) {
    Map<String, List<FaultInjected>> taken = new TreeMap<>();
    Recovery.events(recovery.history(), FaultInjected.class)
        .filter(e -> Recovery.takes(e.kind()) && e.victim() instanceof ObjectRef.Node)
        .forEach(e ->
            zones
                .of(e.victim())
                .filter(zone -> !zone.isEmpty())
                .ifPresent(zone -> taken.computeIfAbsent(zone, _ -> new ArrayList<>()).add(e)));
    List<ZoneOutage> outages = new ArrayList<>();
    taken.forEach((zone, faults) -> {
      var begin = faults.stream().map(recovery::began).max(Comparator.naturalOrder()).orElseThrow();
      var ends = faults.stream().flatMap(f -> reverting(recovery.history(), f).stream()).toList();
      outages.add(new ZoneOutage(zone, List.copyOf(faults), begin, ends));
    });
    return outages;
  }

  private static Optional<Instant> reverting(History history, FaultInjected fault) {
    return Recovery.events(history, FaultReverting.class)
        .filter(e -> e.fault().equals(fault.fault()))
        .map(e -> e.stamp().at())
        .min(Comparator.naturalOrder());
  }

  /** When the first of its nodes was given back; empty where that was not told of each. */
  public Optional<Instant> end() {
    return ends.size() < faults.size()
        ? Optional.empty()
        : ends.stream().min(Comparator.naturalOrder());
  }

  /** Whether there was a time in which all of them were away; also where its end was not told. */
  public boolean together() {
    return end().map(begin::isBefore).orElse(true);
  }

  /**
   * Whether any fault held the node in a part of the time in which the zone was away; empty where
   * it was not told until when.
   */
  public Optional<Boolean> holds(Recovery recovery, ObjectRef.Node node) {
    boolean untold = false;
    for (FaultInjected fault : taking(recovery.history(), node)) {
      var from = recovery.began(fault);
      var to = reverting(recovery.history(), fault);
      boolean apart =
          end().filter(end -> !from.isBefore(end)).isPresent()
              || to.filter(end -> !end.isAfter(begin)).isPresent();
      if (!apart && to.isPresent() && end().isPresent()) {
        return Optional.of(true);
      }
      untold |= !apart;
    }
    return untold ? Optional.empty() : Optional.of(false);
  }

  private static List<FaultInjected> taking(History history, ObjectRef.Node node) {
    return Recovery.events(history, FaultInjected.class)
        .filter(e -> Recovery.takes(e.kind()) && e.victim().is(node))
        .toList();
  }

  /** Requests that were sent while all of its nodes were away that faults took. */
  public List<Request> sent(History history, Instant end) {
    return history.ledger().stream()
        .filter(r -> !r.intended().isBefore(begin) && r.intended().isBefore(end))
        .filter(r -> r.outcome() != Outcome.NOT_SENT)
        .toList();
  }
}
