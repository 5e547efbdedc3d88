package dev.muster.verdict.check.disruption;

import static java.util.Objects.requireNonNullElse;

import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.check.clients.NamedPods;
import dev.muster.verdict.coverage.Gaps;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.CausalOrder;
import dev.muster.verdict.recovery.PodLife;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The evidence of a run: what became of its pods, which of them each request met, and their
 * settings.
 *
 * @param pods by when they were seen first
 * @param answered all requests with their answer in full, of the whole run
 * @param serving the workloads of which some request names a pod, by their paths
 */
record Scene(
    History history,
    List<PodLife> pods,
    List<Request> answered,
    Settings settings,
    NamedPods names,
    Map<String, List<PodLife>> ofName,
    Set<String> serving,
    Gaps gaps) {

  static Scene of(History history) {
    var pods = PodLife.of(history);
    var names = NamedPods.of(history);
    var ofName = pods.stream().collect(Collectors.groupingBy(p -> p.pod().name()));
    return new Scene(
        history,
        pods,
        history.attempts().filter(Request::answered).toList(),
        new Settings(history),
        names,
        ofName,
        history
            .attempts()
            .flatMap(request -> names.of(request).stream())
            .flatMap(named -> ofName.getOrDefault(named.pod(), List.of()).stream())
            .map(pod -> pod.workload().path())
            .collect(Collectors.toUnmodifiableSet()),
        Gaps.of(history));
  }

  /** The pods that it went through, by whoever names them. */
  List<PodLife> met(Request request) {
    return watched(request)
        ? names.of(request).stream().flatMap(n -> at(request, n.pod()).stream()).distinct().toList()
        : List.of();
  }

  private Optional<PodLife> at(Request request, String pod) {
    return PodLife.at(
        requireNonNullElse(request.firstByte(), sent(request)),
        ofName.getOrDefault(pod, List.of()));
  }

  /**
   * Of workloads of which nobody names a pod that it met: it may have been any of theirs. A
   * workload that no request names has no part in answers, unless none is named at all.
   */
  List<PodLife> perhapsMet(Request request) {
    var known = met(request).stream().map(pod -> pod.workload().path()).toList();
    return watched(request)
        ? pods.stream()
            .filter(pod -> serving.isEmpty() || serving.contains(pod.workload().path()))
            .filter(pod -> !known.contains(pod.workload().path()))
            .toList()
        : List.of();
  }

  /** Whom it met, and then whom it may have met. */
  Stream<PodLife> candidates(Request request) {
    return Stream.concat(met(request).stream(), perhapsMet(request).stream());
  }

  /** Of a time in which pods were not watched nothing is claimed. */
  private boolean watched(Request request) {
    return !gaps.ofPods(sent(request), requireNonNullElse(request.ended(), sent(request)));
  }

  /** Empty also where nobody knows when, as after a gap of the watch. */
  static Optional<Stamp> told(PodLife pod) {
    return pod.told().filter(stamp -> stamp.uncertainty().compareTo(CausalOrder.SLACK) <= 0);
  }

  static Instant sent(Request request) {
    return requireNonNullElse(request.sent(), request.intended());
  }

  /** From its sending to its end; 0 where nobody tells the end. */
  static double seconds(Request request) {
    var ended = request.ended();
    return ended == null ? 0 : Recovery.seconds(sent(request), ended);
  }

  /** Of the whole answers of the run, in seconds; 0 where there is none. */
  double longest() {
    return answered.stream().mapToDouble(Scene::seconds).max().orElse(0);
  }

  /** Of the pod's workload; else the pod's own, which is all that earlier runs tell. */
  Optional<String> setting(String name, PodLife pod) {
    var named = settings.named(name);
    return Stream.<ObjectRef>of(pod.workload(), pod.pod())
        .flatMap(whose -> named.stream().filter(s -> whose.is(s.where())))
        .map(SettingObserved::value)
        .findFirst();
  }

  /** Empty where nobody tells it, or it is no whole number. */
  Optional<Long> number(String name, PodLife pod) {
    return setting(name, pod).filter(value -> value.matches("[0-9]{1,9}")).map(Long::valueOf);
  }

  /** Seconds that its preStop hook takes; empty where nobody knows them. */
  Optional<Long> preStop(PodLife pod) {
    return setting(LateEndpoints.PRE_STOP, pod).filter("none"::equals).isPresent()
        ? Optional.of(0L)
        : number(LateEndpoints.PRE_STOP, pod);
  }

  /** The next whole number of seconds. */
  static long up(double seconds) {
    return (long) Math.ceil(seconds - 1e-9);
  }
}
