package dev.muster.verdict.recovery;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pod that was on the victim, and the pod that took its place.
 *
 * @param replacement null where none was created
 */
public record LostPod(Recovery recovery, ObjectRef.Pod pod, ObjectRef.@Nullable Pod replacement) {

  /**
   * All of a run. A replacement belongs to the pod that its milestones name as {@code replaces},
   * and to none of ours where that is not lost; where they name none, pods and replacements are
   * paired in the order in which they went and came.
   */
  public static List<LostPod> of(Recovery recovery) {
    var lost = new ArrayList<>(recovery.lostPods());
    lost.sort(
        Comparator.comparing(pod ->
            recovery
                .reachedByPod(Milestone.POD_EVICTED, pod)
                .map(m -> m.stamp().at())
                .orElse(Instant.MAX)));
    var pairs = new LinkedHashMap<ObjectRef.Pod, ObjectRef.Pod>();
    var free = new ArrayList<ObjectRef.Pod>();
    for (var replacement : replacements(recovery)) {
      var named = replaced(recovery, replacement);
      if (named.isEmpty()) {
        free.add(replacement);
      }
      named
          .flatMap(pod -> lost.stream().filter(pod::is).findFirst())
          .ifPresent(pod -> pairs.merge(pod, replacement, (a, b) -> ready(recovery, a) ? a : b));
    }
    for (var pod : lost) {
      if (!pairs.containsKey(pod) && !recovery.returned(pod) && !free.isEmpty()) {
        pairs.put(pod, free.removeFirst());
      }
    }
    return lost.stream().map(pod -> new LostPod(recovery, pod, pairs.get(pod))).toList();
  }

  /**
   * The one that took longest, of those that somebody had to replace; one that never ended takes
   * longest of all.
   */
  static Optional<LostPod> slowest(Recovery recovery) {
    return of(recovery).stream()
        .filter(loss -> !recovery.returned(loss.pod()) && !recovery.ofItsNode(loss.pod()))
        .max(
            Comparator.comparing((LostPod loss) -> loss.time(Milestone.REPLACEMENT_READY))
                .thenComparing(loss -> loss.time(Milestone.REPLACEMENT_CREATED))
                .thenComparing(loss -> loss.time(Milestone.POD_EVICTED)));
  }

  /** Where it was when that was taken; empty where nobody told. */
  public Optional<ObjectRef.Node> node() {
    return new Zones(recovery.history()).nodeOf(pod);
  }

  public Optional<MilestoneReached> reached(Milestone milestone) {
    return switch (milestone) {
      case ENDPOINT_ADDED -> endpoint();
      case POD_NOT_READY, POD_EVICTED, ENDPOINT_REMOVED -> recovery.reachedByPod(milestone, pod);
      default ->
          replacement == null ? Optional.empty() : recovery.reachedByPod(milestone, replacement);
    };
  }

  /**
   * Serving again, by its replacement or by itself on the returned node; one that was evicted ends
   * there, though it may be ready for a moment.
   */
  public Optional<MilestoneReached> back() {
    return reached(Milestone.ENDPOINT_ADDED)
        .or(() -> reached(Milestone.REPLACEMENT_READY))
        .or(() ->
            recovery.reachedByPod(Milestone.POD_EVICTED, pod).isPresent()
                ? Optional.empty()
                : recovery
                    .again(Milestone.ENDPOINT_ADDED, pod)
                    .or(() -> recovery.again(Milestone.POD_READY_AGAIN, pod)));
  }

  /** Where endpoint milestones do not name their pod, the first one after the pod was ready. */
  private Optional<MilestoneReached> endpoint() {
    if (replacement == null) {
      return Optional.empty();
    }
    var ready = time(Milestone.REPLACEMENT_READY);
    return recovery
        .reachedByPod(Milestone.ENDPOINT_ADDED, replacement)
        .or(() ->
            recovery.reached(Milestone.ENDPOINT_ADDED).stream()
                .filter(m -> Recovery.pod(m) == null && !m.stamp().at().isBefore(ready))
                .findFirst());
  }

  private Instant time(Milestone milestone) {
    return reached(milestone).map(m -> m.stamp().at()).orElse(Instant.MAX);
  }

  private static List<ObjectRef.Pod> replacements(Recovery recovery) {
    return Recovery.different(
        Stream.of(
                Milestone.REPLACEMENT_CREATED,
                Milestone.REPLACEMENT_SCHEDULED,
                Milestone.REPLACEMENT_STARTED,
                Milestone.REPLACEMENT_READY)
            .flatMap(milestone -> recovery.reached(milestone).stream())
            .flatMap(m -> Stream.ofNullable(Recovery.pod(m))));
  }

  /** A node may have refused the first one that was made. */
  private static boolean ready(Recovery recovery, ObjectRef.Pod pod) {
    return recovery.reachedByPod(Milestone.REPLACEMENT_READY, pod).isPresent();
  }

  private static Optional<ObjectRef.Pod> replaced(Recovery recovery, ObjectRef.Pod replacement) {
    return recovery
        .reachedByPod(Milestone.REPLACEMENT_CREATED, replacement)
        .map(m -> m.detail().get("replaces"))
        .map(ObjectRef.Pod::parse);
  }
}
