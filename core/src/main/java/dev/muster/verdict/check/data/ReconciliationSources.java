package dev.muster.verdict.check.data;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.RetryId;
import dev.muster.timeline.Trace;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What server and log store tell of requests, and what the run knows of those who were lost. */
final class ReconciliationSources {
  /** A shipper that is behind by more than this does not work, lost power or not. */
  private static final Duration UNSHIPPED = Duration.ofSeconds(60);

  /** A request may end for its client a little before what cut it is written down. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  private final History history;
  private final Map<String, List<Trace>> records;
  private final Map<String, List<Trace>> lines;
  private final Map<String, Long> linesByPod;
  private final Map<String, Instant> lost = new HashMap<>(); // by the names that traces give
  private final Map<String, Instant> lastShipped = new HashMap<>();
  private final Optional<Recovery> recovery;

  ReconciliationSources(History history) {
    this.history = history;
    recovery = Recovery.of(history);
    records = byId(history, Trace.Source.USAGE);
    lines = byId(history, Trace.Source.LOG);
    linesByPod =
        history.traces().stream()
            .filter(t -> t.source() == Trace.Source.LOG)
            .collect(Collectors.groupingBy(Trace::pod, Collectors.counting()));
    lost();
    for (var trace : history.traces()) {
      var at = trace.at();
      var gone = lost.get(trace.pod());
      if (trace.source() == Trace.Source.LOG && at != null && gone != null && !at.isAfter(gone)) {
        lastShipped.merge(trace.pod(), at, (a, b) -> a.isAfter(b) ? a : b);
      }
    }
  }

  private static Map<String, List<Trace>> byId(History history, Trace.Source source) {
    return history.traces().stream()
        .filter(trace -> trace.source() == source)
        .collect(Collectors.groupingBy(Trace::id, TreeMap::new, Collectors.toList()));
  }

  /** Pods whose log ended at once: with the power of their node, or deleted with its files. */
  private void lost() {
    var placed = new HashMap<String, ObjectRef.Node>();
    // where a pod was first: a StatefulSet's pod comes back under its name
    Recovery.events(history, Event.PodsPlaced.class)
        .forEach(e -> e.nodes().forEach((pod, node) -> placed.putIfAbsent(pod.name(), node)));
    Recovery.events(history, FaultInjected.class)
        .forEach(fault -> {
          if (Kinds.is(fault.kind(), Trait.CUTS_POWER)) {
            placed.forEach((pod, node) -> {
              if (node.is(fault.victim())) {
                lost.putIfAbsent(pod, powerOff(fault));
              }
            });
          } else if (Kinds.is(fault.kind(), Trait.DELETES_PODS)
              // one of another namespace may bear the name of a pod that traces tell of
              && fault.victim() instanceof ObjectRef.Pod pod
              && ours(pod)) {
            lost.putIfAbsent(pod.name(), fault.stamp().at());
          }
          // whoever lives ships its log later
        });
  }

  private boolean ours(ObjectRef.Pod pod) {
    return pod.in(history.drill().target().namespace())
        .namespace()
        .equals(history.drill().target().namespace());
  }

  private Instant powerOff(FaultInjected fault) {
    return Recovery.events(history, Event.MilestoneReached.class)
        .filter(m -> m.milestone() == Milestone.POWER_OFF)
        .filter(m -> m.object().is(fault.victim()))
        .map(m -> m.stamp().at())
        .filter(at -> !at.isBefore(fault.stamp().at()))
        .findFirst()
        .orElse(fault.stamp().at());
  }

  Optional<Trace> record(String id) {
    return records.getOrDefault(id, List.of()).stream().findFirst();
  }

  List<Trace> lines(String id) {
    return lines.getOrDefault(id, List.of());
  }

  List<Trace> lines(String id, String pod) {
    return lines(id).stream().filter(line -> line.pod().equals(pod)).toList();
  }

  boolean traced(String id) {
    return records.containsKey(id) || lines.containsKey(id);
  }

  /**
   * Whether the line that a pod wrote of a request may have been lost with the pod: it was the
   * pod's last, and the pod was lost soon after it.
   */
  boolean unshipped(String pod, Request request) {
    var gone = lost.get(pod);
    var ended = request.ended();
    if (gone == null || ended == null) {
      return false;
    }
    var shipped = lastShipped.getOrDefault(pod, Instant.MIN);
    return !ended.isBefore(gone.minus(UNSHIPPED))
        && !ended.isAfter(gone.plus(SLACK))
        && (shipped.equals(Instant.MIN) || !ended.isBefore(shipped.minus(SLACK)));
  }

  /** Whether the request ended, or never did, while a fault or its recovery lasted. */
  boolean disturbed(Request request) {
    var ended = request.ended() == null ? request.intended() : request.ended();
    return recovery
        .filter(r -> !ended.isBefore(r.fault().minus(SLACK)))
        .filter(r -> !began(request).isAfter(r.end()))
        .isPresent();
  }

  /** A retry is sent long after the time of its first attempt. */
  private static Instant began(Request request) {
    var sent = request.sent();
    return sent != null && RetryId.of(request.id()).isPresent() ? sent : request.intended();
  }

  /** Whether it is a retry of a request of this run, which was sent and has no row. */
  boolean retry(String id) {
    return RetryId.of(id)
        .filter(retry -> history.ledger().stream().anyMatch(r -> r.id().equals(retry.request())))
        .isPresent();
  }

  Map<String, List<Trace>> strangers() {
    var known = history.attempts().map(Request::id).collect(Collectors.toSet());
    return Stream.of(records, lines)
        .flatMap(each -> each.entrySet().stream())
        .filter(each -> !known.contains(each.getKey()))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                Map.Entry::getValue,
                (a, b) -> Stream.concat(a.stream(), b.stream()).toList(),
                TreeMap::new));
  }

  /** Pods that served requests, how many, and of which there is not a single line. */
  Map<String, Long> mute() {
    return records.values().stream()
        .flatMap(List::stream)
        .flatMap(record -> Stream.of(record.pod(), record.worker()))
        .filter(pod -> !pod.isEmpty() && !linesByPod.containsKey(pod))
        .collect(Collectors.groupingBy(pod -> pod, TreeMap::new, Collectors.counting()));
  }
}
