package dev.muster.verdict.recovery;

import dev.muster.drill.Fault;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run from its first fault on: what all checks of time measure in. What clients felt
 * is judged to the end of the load.
 *
 * @param fault when the first disturbance began: the POWER_OFF of its victim where it was seen,
 *     otherwise the moment before the call that caused it
 * @param end of the recovery phase; where there was none, of the run as far as it was observed
 * @param victims all nodes and pods that faults took; those that a fault took away from the cluster
 *     first, then in the order of the faults
 */
public record Recovery(
    History history, Instant fault, Instant end, List<ObjectRef.Victim> victims) {
  private static final long MOST_SECONDS_IN_NANOS = Long.MAX_VALUE / 1_000_000_000;

  /** Empty where no fault was injected. */
  public static Optional<Recovery> of(History history) {
    // one that could not be heard of at once is written later
    var injected =
        events(history, FaultInjected.class)
            .sorted(Comparator.comparing(e -> e.stamp().at()))
            .toList();
    if (injected.isEmpty()) {
      return Optional.empty();
    }
    // whoever is taken away is what the drill is about, though another may suffer before
    var victims =
        injected.stream()
            .sorted(Comparator.comparing(e -> !takes(e.kind())))
            .map(FaultInjected::victim)
            .distinct()
            .toList();
    return Optional.of(
        new Recovery(history, begin(history, injected.getFirst()), end(history), victims));
  }

  private static Instant begin(History history, FaultInjected injected) {
    return events(history, MilestoneReached.class)
        .filter(m -> m.milestone() == Milestone.POWER_OFF)
        .filter(m -> m.object().is(injected.victim()))
        .filter(m -> !m.stamp().at().isBefore(injected.stamp().at()))
        .map(m -> m.stamp().at())
        .findFirst()
        .orElse(injected.stamp().at());
  }

  /** The first that a fault took away from the cluster; where none did, the first fault's. */
  public ObjectRef.Victim victim() {
    return victims.getFirst();
  }

  /** The fault of the {@link #victim}. */
  public FaultInjected taking() {
    return events(history, FaultInjected.class)
        .filter(e -> e.victim().is(victim()))
        .min(Comparator.comparing(e -> !takes(e.kind())))
        .orElseThrow();
  }

  /** When the fault of the victim began; not before {@link #fault}. */
  Instant taken() {
    return began(taking());
  }

  public Instant began(FaultInjected injected) {
    var at = begin(history, injected);
    return at.isBefore(fault) ? fault : at;
  }

  /**
   * Seconds by which a fault may have begun later than it says: an agent does what it does within
   * the uncertainty of its stamp.
   */
  public double late(FaultInjected injected) {
    return began(injected).equals(injected.stamp().at())
        ? injected.stamp().uncertainty().toNanos() / 1e9
        : 0;
  }

  /** When each fault began. */
  Stream<Instant> begins() {
    return events(history, FaultInjected.class).map(this::began);
  }

  /**
   * The faults by which Kubernetes lost sight of a node, the first of each node; the {@link
   * #taking} one where none was such.
   */
  public List<FaultInjected> silencing() {
    var nodes = new LinkedHashMap<ObjectRef, FaultInjected>();
    events(history, FaultInjected.class)
        .filter(e -> takes(e.kind()) && e.victim() instanceof ObjectRef.Node)
        .filter(e -> meant(history, e.kind()).stream().anyMatch(k -> k.is(Trait.SILENCES_NODE)))
        .forEach(e -> nodes.putIfAbsent(e.victim(), e));
    return nodes.isEmpty() ? List.of(taking()) : List.copyOf(nodes.values());
  }

  /** Faults of this kind as the drill has them; where it has none, one that says no more. */
  public static List<FaultKind> meant(History history, String kind) {
    var asked =
        history.drill().faults().stream()
            .map(Fault::kind)
            .filter(k -> k.word().equals(kind))
            .toList();
    return asked.isEmpty() ? Kinds.named(kind).stream().map(k -> k.plain("node")).toList() : asked;
  }

  /** Whether a fault of this kind makes its victim silent. */
  public static boolean takes(String kind) {
    return Kinds.is(kind, Trait.TAKES_NODE);
  }

  public static <E extends Event> Stream<E> events(History history, Class<E> type) {
    return history.timeline().stream().filter(type::isInstance).map(type::cast);
  }

  /** Seconds from the fault. */
  public double since(Instant at) {
    return seconds(fault, at);
  }

  /** A stamp that somebody changed may be so far away that nanoseconds have no room for it. */
  public static double seconds(Instant from, Instant to) {
    Duration between = Duration.between(from, to);
    return Math.abs(between.toSeconds()) < MOST_SECONDS_IN_NANOS
        ? between.toNanos() / 1e9
        : between.toSeconds();
  }

  /**
   * In flight at the fault, or intended between it and the end of the load: a service that fails
   * again after it had recovered has not recovered.
   */
  public List<Request> requests() {
    return history.ledger().stream()
        .filter(r -> !r.intended().isBefore(fault) || inFlightAtFault(r))
        .toList();
  }

  /** When the last request was intended; the {@link #end} where none was since the fault. */
  public Instant loadEnd() {
    return history.ledger().stream()
        .map(Request::intended)
        .filter(at -> !at.isBefore(fault))
        .max(Comparator.naturalOrder())
        .orElse(end);
  }

  /** Requests from the fault to the end of the load as what a figure rests on. */
  public Sample sample(List<Request> requests, long missed, @Nullable Double share) {
    return new Sample(requests.size(), missed, share, fault, loadEnd());
  }

  /**
   * Until when the load must have gone on: the end of the recovery; where nobody waited for it, of
   * the last fault; where that is not known either, of the run, and of its load where that went on
   * after an abort.
   */
  public Instant watchedUntil() {
    return Stream.of(
            events(history, Event.PhaseEnded.class)
                .filter(e -> e.phase().equals("recover"))
                .map(e -> e.stamp().at()),
            events(history, Event.PhaseStarted.class)
                .dropWhile(e -> !e.phase().equals("recover"))
                .skip(1)
                .map(e -> e.stamp().at()),
            events(history, Event.FaultReverted.class)
                .map(e -> e.stamp().at())
                .sorted(Comparator.reverseOrder()),
            Stream.concat(
                    Stream.of(end), events(history, Event.LoadEnded.class).map(e -> e.stamp().at()))
                .sorted(Comparator.reverseOrder()))
        .flatMap(candidates -> candidates.limit(1))
        .findFirst()
        .orElse(end);
  }

  /**
   * Intended since the baseline began, after the service had settled, and ended before the fault.
   */
  public List<Request> baseline() {
    var begin =
        events(history, Event.PhaseStarted.class)
            .filter(e -> e.phase().equals("baseline"))
            .map(e -> e.stamp().at())
            .findFirst()
            .orElse(Instant.MIN);
    return history.ledger().stream()
        .filter(r -> !r.intended().isBefore(begin))
        // a row that tells no end is not passed over: it may be a failure from before the fault
        .filter(r -> r.intended().isBefore(fault) && (r.ended() == null || !inFlightAtFault(r)))
        .toList();
  }

  private boolean inFlightAtFault(Request request) {
    var ended = request.ended();
    return request.intended().isBefore(fault)
        && (ended == null ? request.outcome() != Outcome.NOT_SENT : !ended.isBefore(fault));
  }

  /** All of one kind since the fault, in the order of time. */
  public List<MilestoneReached> reached(Milestone milestone) {
    return events(history, MilestoneReached.class)
        .filter(m -> m.milestone() == milestone && !m.stamp().at().isBefore(fault))
        .sorted(Comparator.comparing(m -> m.stamp().at()))
        .toList();
  }

  public Optional<MilestoneReached> reachedByVictim(Milestone milestone) {
    return reached(milestone, victim());
  }

  public Optional<MilestoneReached> reached(Milestone milestone, ObjectRef object) {
    return reached(milestone).stream().filter(m -> m.object().is(object)).findFirst();
  }

  public Optional<MilestoneReached> reachedByPod(Milestone milestone, ObjectRef.Pod pod) {
    return reached(milestone).stream().filter(m -> pod.is(pod(m))).findFirst();
  }

  /** The pod that a milestone is about; null where it is about none. */
  public static ObjectRef.@Nullable Pod pod(MilestoneReached milestone) {
    var named = milestone.detail().get("pod");
    if (named != null) {
      return ObjectRef.Pod.parse(named);
    }
    return milestone.object() instanceof ObjectRef.Pod pod ? pod : null;
  }

  /**
   * The target's pods that were on a node that was taken, or did not serve for a time by what
   * milestones tell.
   */
  public List<ObjectRef.Pod> lostPods() {
    return different(
        Stream.concat(
            takenPods().stream(),
            Stream.of(Milestone.POD_NOT_READY, Milestone.POD_EVICTED)
                .flatMap(milestone -> reached(milestone).stream())
                .flatMap(m -> Stream.ofNullable(pod(m)))
                // who is evicted where no fault was is somebody else's
                .filter(
                    pod -> exposed(pod) || reachedByPod(Milestone.POD_EVICTED, pod).isEmpty())));
  }

  /** It was a victim, or on one, as far as anybody told where it was. */
  private boolean exposed(ObjectRef.Pod pod) {
    var placed =
        new Settings(history).placed("targetPod").stream().filter(p -> p.pod().is(pod)).toList();
    return placed.isEmpty()
        || victims.stream()
            .anyMatch(
                victim -> pod.is(victim) || placed.stream().anyMatch(p -> p.node().is(victim)))
        || events(history, Event.VictimHosts.class)
            .anyMatch(e -> e.pods().stream().anyMatch(pod::is));
  }

  /** Each once, by the first that names it. */
  static List<ObjectRef.Pod> different(Stream<ObjectRef.Pod> pods) {
    var all = new ArrayList<ObjectRef.Pod>();
    pods.filter(pod -> all.stream().noneMatch(pod::is)).forEach(all::add);
    return all;
  }

  /** The target's pods that were on a node when it was taken. */
  public List<ObjectRef.Pod> takenPods() {
    return different(
        events(history, FaultInjected.class)
            .filter(e -> takes(e.kind()))
            .flatMap(e -> hosted(e).stream()));
  }

  /** As looked at just before the fault; old files tell only how it was before the baseline. */
  private List<ObjectRef.Pod> hosted(FaultInjected taking) {
    return events(history, Event.VictimHosts.class)
        .filter(e -> e.node().is(taking.victim()))
        .filter(e -> !e.stamp().at().isAfter(taking.stamp().at()))
        .reduce((_, last) -> last)
        .map(Event.VictimHosts::pods)
        .orElseGet(() ->
            new Settings(history)
                .placed("targetPod").stream()
                    .filter(placed -> placed.node().is(taking.victim()))
                    .map(Settings.Placed::pod)
                    .toList());
  }

  /** Its node was taken, or it did not come back by itself; nobody moves what belongs to a node. */
  public boolean needsReplacement(ObjectRef.Pod pod) {
    return !ofItsNode(pod) && (!returned(pod) || takenPods().stream().anyMatch(pod::is));
  }

  /** A DaemonSet's pod waits for its node, as one does that the kubelet itself runs. */
  boolean ofItsNode(ObjectRef.Pod pod) {
    return new Settings(history)
        .named("controller").stream()
            .filter(s -> pod.is(s.where()))
            .map(s -> s.value().split("/", 2)[0])
            .anyMatch(kind -> kind.equalsIgnoreCase("DaemonSet") || kind.equalsIgnoreCase("Node"));
  }

  /** Nobody had to take its place: it was ready again before anybody evicted it. */
  boolean returned(ObjectRef.Pod pod) {
    return reachedByPod(Milestone.POD_EVICTED, pod).isEmpty()
        && again(Milestone.POD_READY_AGAIN, pod).isPresent();
  }

  /** What tells that a pod serves again, after the last time that it was not ready. */
  Optional<MilestoneReached> again(Milestone milestone, ObjectRef.Pod pod) {
    var gone =
        reached(Milestone.POD_NOT_READY).stream()
            .filter(m -> pod.is(pod(m)))
            .map(m -> m.stamp().at())
            .reduce(fault, (_, last) -> last);
    return reached(milestone).stream()
        .filter(m -> pod.is(pod(m)) && !m.stamp().at().isBefore(gone))
        .findFirst();
  }

  /** A node was taken, or pods left one: others had to take their place. */
  boolean lostNode() {
    return !reached(Milestone.POD_EVICTED).isEmpty() || tookNode();
  }

  /** Some fault made a node silent, so that Kubernetes had to notice. */
  public boolean tookNode() {
    return events(history, FaultInjected.class).anyMatch(e -> takes(e.kind()));
  }

  public Sentence evidence(MilestoneReached milestone) {
    return Sentence.of(
        "%s %s %.3f s after the fault, by %s",
        Sentence.word("milestone", milestone.milestone().name()),
        milestone.object().path(),
        since(milestone.stamp().at()),
        milestone.stamp().source());
  }

  private static Instant end(History history) {
    return Stream.of(
            events(history, Event.PhaseEnded.class)
                .filter(e -> e.phase().equals("recover"))
                .map(e -> e.stamp().at()),
            events(history, Event.RunAborted.class).map(e -> e.stamp().at()),
            events(history, Event.LoadEnded.class).map(e -> e.stamp().at()),
            history.timeline().reversed().stream().map(e -> e.stamp().at()))
        .flatMap(candidates -> candidates.limit(1))
        .findFirst()
        .orElseThrow();
  }
}
