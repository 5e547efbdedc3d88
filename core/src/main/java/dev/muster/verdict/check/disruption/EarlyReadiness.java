package dev.muster.verdict.check.disruption;

import static java.util.Objects.requireNonNullElse;

import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.PodLife;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A probe that lies: requests failed at a new pod that was Ready and had not answered any yet,
 * while others answered.
 */
final class EarlyReadiness {
  /** An honest pod under load answers sooner after it is Ready, in seconds. */
  private static final double TOLERATED_SECONDS = 2;

  private record Failed(Request request, PodLife pod, double seconds) {}

  private EarlyReadiness() {}

  static List<Blamed> among(Scene scene, List<Request> requests) {
    var begin = Recovery.of(scene.history()).map(Recovery::fault).orElse(Instant.MAX);
    var fresh = scene.pods().stream().flatMap(pod -> Fresh.of(scene, pod, begin).stream()).toList();
    return requests.stream()
        .filter(request -> request.firstSign() == null)
        .flatMap(request -> failed(scene, request, fresh).stream())
        .collect(
            Collectors.groupingBy(
                f -> f.pod().workload().path(), LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(e -> blamed(e.getKey(), e.getValue()))
        .toList();
  }

  /**
   * A pod that was Ready for the first time in the disruption.
   *
   * @param since when
   * @param answered when the first request was sent that it answered; empty where nobody tells
   */
  private record Fresh(PodLife pod, Stamp since, Optional<Instant> answered) {
    static Optional<Fresh> of(Scene scene, PodLife pod, Instant begin) {
      return pod.firstReady()
          .filter(since -> CausalOrder.earliest(since).isAfter(begin))
          .map(since ->
              new Fresh(
                  pod,
                  since,
                  scene.answered().stream()
                      .filter(r -> scene.met(r).contains(pod))
                      .map(Scene::sent)
                      .min(Comparator.naturalOrder())));
    }

    /** Whether it was Ready when the request was sent, and had been sent none that it answered. */
    boolean idle(Instant sent) {
      return !sent.isBefore(CausalOrder.earliest(since))
          && answered.filter(first -> !sent.isBefore(first)).isEmpty()
          && Scene.told(pod).filter(told -> !sent.isBefore(told.at())).isEmpty();
    }

    /** Of a request of which nobody names the pod, the pod's late first answer must speak. */
    boolean late() {
      return answered
          .filter(first -> Recovery.seconds(since.at(), first) > TOLERATED_SECONDS)
          .isPresent();
    }
  }

  private static Optional<Failed> failed(Scene scene, Request request, List<Fresh> fresh) {
    var sent = Scene.sent(request);
    var met = scene.met(request);
    var perhaps = scene.perhapsMet(request);
    return fresh.stream()
        .filter(f -> met.contains(f.pod()) || (perhaps.contains(f.pod()) && f.late()))
        .filter(f -> f.idle(sent))
        .filter(f -> othersAnswered(scene, request, f))
        .findFirst()
        .map(f ->
            new Failed(
                request,
                f.pod(),
                Math.max(0, Recovery.seconds(f.since().at(), f.answered().orElse(sent)))));
  }

  private static boolean othersAnswered(Scene scene, Request request, Fresh fresh) {
    var until = requireNonNullElse(request.ended(), Scene.sent(request));
    return scene.answered().stream()
        .anyMatch(r ->
            !Scene.sent(r).isBefore(CausalOrder.earliest(fresh.since()))
                && !Scene.sent(r).isAfter(until.plus(CausalOrder.SLACK)));
  }

  private static Blamed blamed(String workload, List<Failed> failed) {
    return new Blamed(
        Sentence.of(
            "readinessProbe of %s: %d requests failed at pods that were Ready and answered nothing"
                + " for up to %.1f s; one that fails until a pod can answer would have held",
            workload, failed.size(), failed.stream().mapToDouble(Failed::seconds).max().orElse(0)),
        failed.stream().map(Failed::request).toList());
  }
}
