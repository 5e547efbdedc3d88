package dev.muster.verdict.check.disruption;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.PodLife;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Endpoints and proxies learn later than the pod that it goes: requests are sent to one that has
 * ended already. A preStop hook keeps it alive for so long.
 */
final class LateEndpoints {
  static final String PRE_STOP = "lifecycle.preStop";
  private static final Set<Integer> NOBODY_THERE = Set.of(502, 503);
  private static final String NOT_TOLD = "?";

  /** So long endpoints may lag behind, with some to spare. */
  private static final Duration LAG = Duration.ofSeconds(10);

  /**
   * @param after seconds after its pod was told to go at which the request was sent; 0 if before
   */
  private record Sent(Request request, PodLife pod, double after) {}

  private LateEndpoints() {}

  static List<Blamed> among(Scene scene, List<Request> requests) {
    return requests.stream()
        .flatMap(request -> sent(scene, request).stream())
        .collect(
            Collectors.groupingBy(
                s -> s.pod().workload().path(), LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(all -> blamed(scene, all))
        .toList();
  }

  private static Optional<Sent> sent(Scene scene, Request request) {
    var met =
        scene.met(request).stream()
            .filter(pod -> request.firstSign() == null && after(request, pod))
            .filter(pod -> !kept(scene, request, pod))
            .findFirst();
    // where nobody names the pod, only its setting and the moment speak for it
    return met.or(() ->
            scene.perhapsMet(request).stream()
                .filter(pod -> nobodyThere(request) && scene.preStop(pod).isPresent())
                .filter(pod -> !kept(scene, request, pod) && soonAfter(request, pod))
                .findFirst())
        .map(pod -> new Sent(request, pod, Math.max(0, seconds(request, pod))));
  }

  /** By its hook the pod was still there as before when the request was sent. */
  private static boolean kept(Scene scene, Request request, PodLife pod) {
    return scene.preStop(pod).filter(hook -> hook > 0 && hook >= seconds(request, pod)).isPresent();
  }

  private static boolean after(Request request, PodLife pod) {
    return Scene.told(pod)
        .filter(told -> !Scene.sent(request).isBefore(CausalOrder.earliest(told)))
        .isPresent();
  }

  /** Sent soon after, or just before and refused then. */
  private static boolean soonAfter(Request request, PodLife pod) {
    var ended = request.ended();
    return Scene.told(pod)
        .filter(told -> !Scene.sent(request).isAfter(told.at().plus(LAG)))
        .filter(told -> ended != null && !ended.isBefore(CausalOrder.earliest(told)))
        .filter(told ->
            after(request, pod)
                || (ended != null && !ended.isAfter(told.at().plus(CausalOrder.SLACK))))
        .isPresent();
  }

  private static boolean nobodyThere(Request request) {
    return request.outcome() == Outcome.CONNECTION_FAILED
        || (request.outcome() == Outcome.HTTP_ERROR && NOBODY_THERE.contains(request.httpStatus()));
  }

  private static double seconds(Request request, PodLife pod) {
    return Scene.told(pod)
        .map(told -> Recovery.seconds(told.at(), Scene.sent(request)))
        .orElse(0.0);
  }

  private static Blamed blamed(Scene scene, List<Sent> all) {
    var pod = all.getFirst().pod();
    double longest = all.stream().mapToDouble(Sent::after).max().orElse(0);
    return new Blamed(
        Sentence.of(
            "%s %s of %s: %d requests came to pods that had ended, up to %.1f s after these were"
                + " told to go; a sleep of %d s would have held",
            PRE_STOP,
            scene.setting(PRE_STOP, pod).orElse(NOT_TOLD),
            pod.workload().path(),
            all.size(),
            longest,
            Math.max(1, Scene.up(longest))),
        all.stream().map(Sent::request).toList());
  }
}
