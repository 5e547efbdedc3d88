package dev.muster.verdict.check.clients;

import static java.util.Objects.requireNonNullElse;

import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.verdict.coverage.Gaps;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.PodLife;
import dev.muster.verdict.recovery.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which revision of each workload answered the requests of a run, by the pods that served them. */
public record ServedByRevision(List<OfWorkload> workloads) {

  /**
   * A workload counts an answered request once, for the last of its pods that served it: with those
   * of which nobody names one, its revisions add up to all answered rows of the ledger.
   *
   * @param revisions by when they were seen first
   * @param unnamed answered requests of which nobody says that a pod of it served them
   * @param changed whether it has several revisions, or one that came when the load had begun
   */
  public record OfWorkload(
      ObjectRef workload, List<OfRevision> revisions, long unnamed, boolean changed) {
    public long answered() {
      return revisions.stream().mapToLong(OfRevision::answered).sum();
    }
  }

  /**
   * @param pods all that were seen of it, by name
   * @param first when the first of the answered requests was sent; null where none was answered
   * @param last when the last of them ended
   * @param beforeReady requests, by id, that met a pod which had not been Ready yet, where that was
   *     Ready later or came under the load: one that was there before and never was may have been
   *     told to go
   * @param afterReady those that were sent when it was not Ready any more, or told to go
   */
  public record OfRevision(
      String revision,
      List<String> pods,
      long answered,
      @Nullable Instant first,
      @Nullable Instant last,
      List<String> beforeReady,
      List<String> afterReady) {}

  /**
   * @param answered whether it is the one of its workload that the answer counts for
   */
  private record Met(PodLife pod, Request request, boolean answered) {}

  /** Empty where nobody told of a pod which revision it was. */
  public static Optional<ServedByRevision> of(History history) {
    var pods = PodLife.of(history);
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    var met =
        met(history, pods).stream().collect(Collectors.groupingBy(m -> m.pod().workload().path()));
    var workloads = new LinkedHashMap<String, List<PodLife>>();
    pods.forEach(
        p -> workloads.computeIfAbsent(p.workload().path(), _ -> new ArrayList<>()).add(p));
    return Optional.of(
        new ServedByRevision(
            workloads.entrySet().stream()
                .map(
                    w -> ofWorkload(history, w.getValue(), met.getOrDefault(w.getKey(), List.of())))
                .toList()));
  }

  private static List<Met> met(History history, List<PodLife> pods) {
    var named = NamedPods.of(history);
    var ofName = pods.stream().collect(Collectors.groupingBy(p -> p.pod().name()));
    var met = new ArrayList<Met>();
    for (var request : history.ledger()) {
      var served =
          named.of(request).stream()
              .map(n -> PodLife.at(head(request), ofName.getOrDefault(n.pod(), List.of())))
              .flatMap(Optional::stream)
              .distinct()
              .toList();
      Map<String, PodLife> last = new HashMap<>();
      served.forEach(pod -> last.put(pod.workload().path(), pod));
      served.forEach(pod ->
          met.add(
              new Met(
                  pod,
                  request,
                  request.answered() && pod.equals(last.get(pod.workload().path())))));
    }
    return met;
  }

  private static OfWorkload ofWorkload(History history, List<PodLife> pods, List<Met> met) {
    var gaps = Gaps.of(history);
    var load =
        Recovery.events(history, Event.LoadStarted.class).findFirst().map(e -> e.stamp().at());
    var revisions =
        pods.stream()
            .map(PodLife::revision)
            .distinct()
            .map(revision ->
                ofRevision(
                    revision,
                    pods.stream().filter(p -> p.revision().equals(revision)).toList(),
                    met.stream().filter(m -> m.pod().revision().equals(revision)).toList(),
                    gaps,
                    load))
            .toList();
    long unnamed =
        history.ledger().stream().filter(Request::answered).count()
            - met.stream().filter(Met::answered).count();
    boolean came = load.filter(pods.getFirst().since()::isAfter).isPresent();
    return new OfWorkload(
        pods.getFirst().workload(), revisions, unnamed, came || revisions.size() > 1);
  }

  private static OfRevision ofRevision(
      String revision, List<PodLife> pods, List<Met> met, Gaps gaps, Optional<Instant> load) {
    var answered = met.stream().filter(Met::answered).map(Met::request).toList();
    var unready = met.stream().filter(m -> unready(m, gaps)).toList();
    return new OfRevision(
        revision,
        pods.stream().map(p -> p.pod().name()).distinct().sorted().toList(),
        answered.size(),
        answered.stream().map(ServedByRevision::sent).min(Comparator.naturalOrder()).orElse(null),
        answered.stream()
            .map(r -> requireNonNullElse(r.ended(), r.intended()))
            .max(Comparator.naturalOrder())
            .orElse(null),
        ids(unready.stream().filter(m -> !wasReady(m) && begins(m.pod(), load, gaps)).toList()),
        ids(unready.stream().filter(ServedByRevision::wasReady).toList()));
  }

  /**
   * Some gateways keep a request until a pod is Ready, and nobody says when they pass it on: it met
   * one that was not Ready where the pod was so from the sending to the head of the answer. Of a
   * time in which pods were not watched nothing is claimed.
   */
  private static boolean unready(Met met, Gaps gaps) {
    var sent = met.request().sent();
    return sent != null
        && met.pod().notReady(sent, head(met.request()))
        && !gaps.ofPods(sent, head(met.request()));
  }

  /** Whether what was seen of a pod first was its beginning, and not its end. */
  private static boolean begins(PodLife pod, Optional<Instant> load, Gaps gaps) {
    boolean came =
        load.filter(pod.since()::isAfter).isPresent()
            && !gaps.ofPods(pod.since(), pod.seen().getFirst().stamp().at());
    return came || pod.firstReady().isPresent();
  }

  private static boolean wasReady(Met met) {
    return met.pod().wasReady(sent(met.request()));
  }

  private static List<String> ids(List<Met> met) {
    return met.stream().map(m -> m.request().id()).distinct().toList();
  }

  private static Instant sent(Request request) {
    return requireNonNullElse(request.sent(), request.intended());
  }

  private static Instant head(Request request) {
    return requireNonNullElse(request.firstByte(), sent(request));
  }
}
