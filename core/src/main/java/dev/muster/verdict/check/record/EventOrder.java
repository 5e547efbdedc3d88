package dev.muster.verdict.check.record;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Event.RunStarted;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.ChangedWorkloads;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What happens to one node, pod or backend happens in its order. */
final class EventOrder {

  /** What comes of what stands before it. */
  private static final List<List<Milestone>> COURSES =
      List.of(
          List.of(Milestone.POWER_OFF, Milestone.POWER_ON),
          List.of(Milestone.NODE_NOT_READY, Milestone.TAINT_NO_EXECUTE),
          List.of(Milestone.NODE_NOT_READY, Milestone.NODE_READY),
          List.of(Milestone.MEMORY_PRESSURE, Milestone.MEMORY_PRESSURE_GONE),
          List.of(Milestone.DISK_PRESSURE, Milestone.DISK_PRESSURE_GONE),
          List.of(Milestone.LOAD_BALANCER_REMOVED, Milestone.LOAD_BALANCER_ADDED),
          List.of(Milestone.CONTAINER_ENDED, Milestone.CONTAINER_RESTARTED),
          List.of(Milestone.POD_NOT_READY, Milestone.POD_READY_AGAIN),
          replacement(Milestone.REPLACEMENT_STARTED, Milestone.REPLACEMENT_READY),
          replacement(Milestone.REPLACEMENT_STARTED, Milestone.MODEL_LOADED),
          replacement(Milestone.REPLACEMENT_STARTED, Milestone.FIRST_GOOD_TOKEN),
          replacement(Milestone.ENDPOINT_ADDED));

  private EventOrder() {}

  private static List<Milestone> replacement(Milestone... then) {
    return Stream.concat(
            Stream.of(Milestone.REPLACEMENT_CREATED, Milestone.REPLACEMENT_SCHEDULED),
            Stream.of(then))
        .toList();
  }

  static List<Sentence> broken(History history) {
    var all = Recovery.events(history, MilestoneReached.class).toList();
    return Stream.of(courses(all), replaced(all), tolerated(history), beforeTheRun(history, all))
        .flatMap(broken -> broken)
        .distinct()
        .toList();
  }

  private static Stream<Sentence> courses(List<MilestoneReached> all) {
    return subjects(all).stream()
        .flatMap(first ->
            COURSES.stream()
                .map(course -> course.stream().filter(first::containsKey).map(first::get).toList()))
        .flatMap(course ->
            IntStream.range(1, course.size())
                .boxed()
                .flatMap(i ->
                    course.subList(0, i).stream()
                        .flatMap(cause -> broken(cause, course.get(i)).stream())));
  }

  /** Of each node, pod or backend, when it reached what for the first time. */
  private static Collection<Map<Milestone, MilestoneReached>> subjects(List<MilestoneReached> all) {
    var subjects = new LinkedHashMap<ObjectRef, Map<Milestone, MilestoneReached>>();
    all.stream()
        .sorted(Comparator.comparing(m -> m.stamp().at()))
        .forEach(m -> {
          var of = Objects.requireNonNullElse(Recovery.pod(m), m.object());
          var known = subjects.keySet().stream().filter(of::is).findFirst().orElse(of);
          subjects
              .computeIfAbsent(known, _ -> new EnumMap<>(Milestone.class))
              .putIfAbsent(m.milestone(), m);
        });
    return subjects.values();
  }

  /** Of the same object by the same source: what it saw first was first. */
  private static Optional<Sentence> broken(MilestoneReached cause, MilestoneReached effect) {
    boolean same =
        cause.object().is(effect.object())
            && cause.stamp().source().equals(effect.stamp().source());
    return CausalOrder.broken(
        words(cause),
        same ? cause.stamp().at() : CausalOrder.earliest(cause.stamp()),
        words(effect),
        effect.stamp().at(),
        same ? Duration.ZERO : CausalOrder.SLACK);
  }

  /** Nobody takes the place of a pod that nobody has given up. */
  private static Stream<Sentence> replaced(List<MilestoneReached> all) {
    return all.stream()
        .filter(m -> m.milestone() == Milestone.REPLACEMENT_CREATED)
        .flatMap(created ->
            Optional.ofNullable(created.detail().get("replaces")).map(ObjectRef.Pod::parse).stream()
                .flatMap(pod ->
                    all.stream()
                        .filter(m -> m.milestone() == Milestone.POD_EVICTED)
                        .filter(m -> pod.is(Recovery.pod(m)))
                        .min(Comparator.comparing(m -> m.stamp().at()))
                        .stream())
                .flatMap(evicted ->
                    CausalOrder.broken(
                        words(evicted),
                        CausalOrder.earliest(evicted.stamp()),
                        words(created),
                        created.stamp().at(),
                        CausalOrder.SLACK)
                        .stream()));
  }

  /**
   * A pod of a silent node is evicted when it has tolerated the taint for its time. Whoever deletes
   * it before that is not the cluster that is drilled, but for the controller of a workload that
   * the drill itself changes.
   */
  private static Stream<Sentence> tolerated(History history) {
    var recovery = Recovery.of(history);
    if (recovery.isEmpty()) {
      return Stream.empty();
    }
    var settings = new Settings(history);
    return recovery.get().takenPods().stream()
        .filter(pod -> recovery.get().victims().stream().noneMatch(pod::is))
        .flatMap(pod ->
            recovery.get().reachedByPod(Milestone.POD_EVICTED, pod).stream()
                .filter(evicted -> !evicted.detail().containsKey("how"))
                .filter(evicted -> !ChangedWorkloads.mayEnd(history, pod, evicted.stamp().at()))
                .flatMap(evicted ->
                    settings.named("tolerationSeconds").stream()
                        .filter(s -> pod.is(s.where()) && s.value().matches("[0-9]{1,9}"))
                        .flatMap(s ->
                            CausalOrder.broken(
                                Sentence.of(
                                    "its tolerationSeconds %s can have been over", s.value()),
                                recovery.get().fault().plusSeconds(Long.parseLong(s.value())),
                                words(evicted),
                                evicted.stamp().at(),
                                CausalOrder.SLACK)
                                .stream())));
  }

  /** The last renewal of a lease may be older than the run. */
  private static Stream<Sentence> beforeTheRun(History history, List<MilestoneReached> all) {
    var began =
        Recovery.events(history, RunStarted.class)
            .map(e -> e.stamp().at())
            .findFirst()
            .orElse(Instant.MIN);
    return all.stream()
        .filter(m -> m.milestone() != Milestone.LAST_LEASE)
        .flatMap(m ->
            CausalOrder.broken(
                Sentence.of("the run began"), began, words(m), m.stamp().at(), CausalOrder.SLACK)
                .stream());
  }

  static Sentence words(MilestoneReached m) {
    return Sentence.of(
        "%s of %s", Sentence.word("milestone", m.milestone().name()), m.object().path());
  }
}
