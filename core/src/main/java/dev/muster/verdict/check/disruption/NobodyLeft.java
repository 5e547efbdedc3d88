package dev.muster.verdict.check.disruption;

import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.drill.kind.Scale;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.PodLife;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All pods of a workload were told to go at once, as its settings allow: requests came when none
 * was Ready.
 */
final class NobodyLeft {
  /** What a watch may be late by. */
  private static final Duration WATCH = Duration.ofMillis(500);

  private NobodyLeft() {}

  static List<Blamed> among(Scene scene, List<Request> requests) {
    Map<Allowance, List<Request>> came = new LinkedHashMap<>();
    for (var request : requests) {
      allowance(scene, request)
          .ifPresent(a -> came.computeIfAbsent(a, _ -> new ArrayList<>()).add(request));
    }
    return came.entrySet().stream().map(e -> blamed(e.getKey(), e.getValue())).toList();
  }

  private static Blamed blamed(Allowance allowance, List<Request> requests) {
    return new Blamed(
        Sentence.of(
            "%s %s of %s left no pod Ready when %d requests came: %s would have left one",
            allowance.field(),
            allowance.value(),
            allowance.whose(),
            requests.size(),
            allowance.held()),
        requests);
  }

  private static Optional<Allowance> allowance(Scene scene, Request request) {
    var sent = Scene.sent(request);
    var workloads =
        scene.perhapsMet(request).stream()
            .collect(
                Collectors.groupingBy(
                    pod -> pod.workload().path(), LinkedHashMap::new, Collectors.toList()));
    return workloads.values().stream()
        // endpoints are known a little later than pods are Ready, and a watch tells late
        .filter(pods ->
            Stream.of(sent.minus(CausalOrder.SLACK), sent, sent.plus(WATCH))
                .anyMatch(at -> gone(pods, at)))
        .flatMap(pods -> allowed(scene, pods.getFirst(), sent.plus(WATCH)).stream())
        .findFirst();
  }

  /** There were Ready ones, none is, and one at least was told to go. */
  private static boolean gone(List<PodLife> pods, Instant at) {
    return pods.stream().noneMatch(pod -> pod.ready(at).orElse(false))
        && pods.stream()
            .flatMap(pod -> Scene.told(pod).stream())
            .anyMatch(told -> !told.at().isAfter(at));
  }

  /** By the disruption of the workload itself, else by that of a node. */
  private static Optional<Allowance> allowed(Scene scene, PodLife pod, Instant at) {
    var planned =
        Recovery.events(scene.history(), FaultInjected.class)
            .filter(e -> Kinds.is(e.kind(), Trait.GRADUAL) && !e.stamp().at().isAfter(at))
            .toList();
    return planned.stream()
        .filter(e -> e.victim().is(pod.workload()))
        .findFirst()
        .map(e -> ofWorkload(scene, pod, e))
        .orElseGet(() ->
            planned.stream().anyMatch(e -> e.victim() instanceof ObjectRef.Node)
                ? Allowance.ofDrain(scene, pod)
                : Optional.empty());
  }

  private static Optional<Allowance> ofWorkload(Scene scene, PodLife pod, FaultInjected planned) {
    var scales =
        Recovery.meant(scene.history(), planned.kind()).stream()
            .filter(Scale.class::isInstance)
            .map(Scale.class::cast)
            .toList();
    return scales.isEmpty()
        ? Allowance.ofRollout(scene, pod)
        : scales.stream()
            .filter(scale -> scale.replicas() == 0)
            .findFirst()
            .map(_ -> Allowance.ofScale(pod));
  }
}
