package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.PodSeen;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was seen of one pod, which its UID tells from the next that a StatefulSet gives its name.
 *
 * @param seen by time, at least once
 */
public record PodLife(ObjectRef.Pod pod, ObjectRef workload, String revision, List<PodSeen> seen) {

  /** By when they were seen first. */
  public static List<PodLife> of(History history) {
    var pods =
        Recovery.events(history, PodSeen.class)
            .sorted(Comparator.comparing((PodSeen e) -> e.stamp().at()))
            .collect(Collectors.groupingBy(PodSeen::pod, LinkedHashMap::new, Collectors.toList()));
    return pods.values().stream()
        .map(seen -> {
          var first = seen.getFirst();
          return new PodLife(first.pod(), first.workload(), first.revision(), List.copyOf(seen));
        })
        .toList();
  }

  /** Who of those with one name had it then: before any of them was seen, the first. */
  public static Optional<PodLife> at(Instant when, List<PodLife> ofName) {
    return ofName.stream()
        .filter(life -> !life.since().isAfter(when))
        .reduce((_, later) -> later)
        .or(() -> ofName.stream().findFirst());
  }

  /** From when on it may have been there. */
  public Instant since() {
    return CausalOrder.earliest(seen.getFirst().stamp());
  }

  /**
   * Whether it was not Ready all that time. What it was before it was seen first, nobody knows; and
   * it may have been Ready a little before that was seen.
   */
  public boolean notReady(Instant from, Instant to) {
    boolean not = false;
    for (var s : seen) {
      if (!s.stamp().at().isAfter(from)) {
        not = !s.ready();
      } else if (s.ready() && !CausalOrder.earliest(s.stamp()).isAfter(to)) {
        return false;
      }
    }
    return not;
  }

  /** Whether it was seen Ready before. */
  public boolean wasReady(Instant before) {
    return seen.stream().anyMatch(s -> s.ready() && !s.stamp().at().isAfter(before));
  }

  /** What it was seen to be last by then; empty where it had not been seen yet. */
  public Optional<Boolean> ready(Instant when) {
    return seen.stream()
        .filter(s -> !s.stamp().at().isAfter(when))
        .reduce((_, last) -> last)
        .map(PodSeen::ready);
  }

  /** When it was seen Ready for the first time. */
  public Optional<Stamp> firstReady() {
    return seen.stream().filter(PodSeen::ready).map(PodSeen::stamp).findFirst();
  }

  /** When it was told to go: it had been Ready, and was not again until nobody saw it any more. */
  public Optional<Stamp> told() {
    var last = seen.getLast();
    return !last.ready() && wasReady(last.stamp().at())
        ? Optional.of(last.stamp())
        : Optional.empty();
  }
}
