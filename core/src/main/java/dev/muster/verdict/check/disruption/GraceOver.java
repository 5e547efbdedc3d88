package dev.muster.verdict.check.disruption;

import dev.muster.drill.Fault;
import dev.muster.drill.kind.NodeDrain;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An answer takes longer than its pod has left: it broke off when the pod was killed, its grace
 * period after it had been told to go.
 */
final class GraceOver {
  private static final String FIELD = "terminationGracePeriodSeconds";
  private static final String OF_DRAIN = "gracePeriod";

  /** What the kubelet, its runtime and the watch may be late or early by. */
  private static final Duration ABOUT = Duration.ofMillis(1500);

  /**
   * What the kubelet gives a pod whose preStop hook took all of its grace period: {@code
   * minimumGracePeriodInSeconds} in its kuberuntime.
   */
  private static final Duration AFTER_HOOK = Duration.ofSeconds(2);

  private record Grace(String field, String whose, long seconds) {}

  private record Cut(Request request, PodLife pod, Grace grace) {}

  private GraceOver() {}

  static List<Blamed> among(Scene scene, List<Request> requests) {
    return requests.stream()
        .flatMap(request -> cut(scene, request).stream())
        .collect(Collectors.groupingBy(Cut::grace, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(cuts -> blamed(scene, cuts))
        .toList();
  }

  private static Optional<Cut> cut(Scene scene, Request request) {
    return scene
        .candidates(request)
        .flatMap(pod ->
            graces(scene, pod)
                .filter(grace -> over(scene, request, pod, grace))
                .map(grace -> new Cut(request, pod, grace)))
        .findFirst();
  }

  /** A drain can give its pods another one than they have. */
  private static Stream<Grace> graces(Scene scene, PodLife pod) {
    return Stream.concat(
        scene.history().drill().faults().stream()
            .map(Fault::kind)
            .filter(NodeDrain.class::isInstance)
            .map(NodeDrain.class::cast)
            .flatMap(drain ->
                Stream.ofNullable(drain.grace())
                    .map(grace -> new Grace(OF_DRAIN, drain.word(), grace.toSeconds()))),
        scene.number(FIELD, pod).stream()
            .map(seconds -> new Grace(FIELD, pod.workload().path(), seconds)));
  }

  private static boolean over(Scene scene, Request request, PodLife pod, Grace grace) {
    var told = Scene.told(pod);
    var ended = request.ended();
    if (told.isEmpty() || ended == null || request.outcome() == Outcome.TIMED_OUT) {
      return false;
    }
    var given = Duration.ofSeconds(grace.seconds());
    boolean hooked = scene.preStop(pod).filter(hook -> hook >= grace.seconds()).isPresent();
    var earliest = CausalOrder.earliest(told.get()).plus(given).minus(ABOUT);
    var latest = told.get().at().plus(given).plus(ABOUT).plus(hooked ? AFTER_HOOK : Duration.ZERO);
    boolean underWay = request.firstByte() != null || !Scene.sent(request).isAfter(told.get().at());
    return underWay && !ended.isBefore(earliest) && !ended.isAfter(latest);
  }

  private static Blamed blamed(Scene scene, List<Cut> cuts) {
    var grace = cuts.getFirst().grace();
    long hook = cuts.stream().mapToLong(c -> scene.preStop(c.pod()).orElse(0L)).max().orElseThrow();
    double late = cuts.stream().mapToDouble(GraceOver::late).max().orElse(0);
    long come = Math.max(hook, Scene.up(late));
    double broken = cuts.stream().mapToDouble(c -> Scene.seconds(c.request())).max().orElse(0);
    double longest = Math.max(scene.longest(), broken);
    return new Blamed(
        Sentence.of(
            "%s %d of %s cut %d requests: %d would have held (%d s in which requests still come,"
                + " and the longest answer of %.1f s)",
            grace.field(),
            grace.seconds(),
            grace.whose(),
            cuts.size(),
            Math.max(grace.seconds() + 1, come + Scene.up(longest)),
            come,
            longest),
        cuts.stream().map(Cut::request).toList());
  }

  /** Seconds after its pod had been told to go at which it was still sent there, or 0. */
  private static double late(Cut cut) {
    return Scene.told(cut.pod())
        .map(told -> Math.max(0, Recovery.seconds(told.at(), Scene.sent(cut.request()))))
        .orElse(0.0);
  }
}
