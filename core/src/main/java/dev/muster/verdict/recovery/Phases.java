package dev.muster.verdict.recovery;

import static java.util.Objects.requireNonNullElse;

import dev.muster.drill.Fault;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event.FaultInjected;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Event.SettingObserved;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The time from the fault to the recovery of the pod that took longest, split where milestones end
 * its parts. Parts follow one another without gap: where a milestone was not seen, its part belongs
 * to the next one that was.
 */
public final class Phases {
  /** Seconds that renewals, looks and queues may add to a setting. */
  private static final double BESIDE = 20;

  /** Seconds: the unit in which Kubernetes counts grace periods. */
  private static final double SHORTEST = 1;

  /** What ends a part, the settings that may own it, and who owns it where none is known. */
  private enum Part {
    DETECTION("detection", Milestone.NODE_NOT_READY, "node-monitor-grace-period"),
    TAINT("taint", Milestone.TAINT_NO_EXECUTE, "kubernetes"),
    TOLERATION("toleration", Milestone.POD_EVICTED, "tolerationSeconds"),
    REPLACEMENT("replacement", Milestone.REPLACEMENT_CREATED, "terminationGracePeriodSeconds"),
    SCHEDULING("scheduling", Milestone.REPLACEMENT_SCHEDULED, null),
    START("start", Milestone.REPLACEMENT_STARTED, null),
    MODEL_LOAD("model load", Milestone.MODEL_LOADED, null),
    READINESS("readiness", Milestone.REPLACEMENT_READY, "readinessProbe.periodSeconds"),
    ENDPOINT("endpoint", Milestone.ENDPOINT_ADDED, null),
    FIRST_GOOD_TOKEN("first good token", Milestone.FIRST_GOOD_TOKEN, null);

    final String words;
    final Milestone end;
    final @Nullable String setting;

    Part(String words, Milestone end, @Nullable String setting) {
      this.words = words;
      this.end = end;
      this.setting = setting;
    }

    Sentence owner() {
      return switch (this) {
        case REPLACEMENT -> Sentence.of("the pod's controller");
        case SCHEDULING -> Sentence.of("scheduler and free capacity");
        case START -> Sentence.of("image pull and container start");
        case MODEL_LOAD -> Sentence.of("time that the model takes to load");
        case ENDPOINT -> Sentence.of("endpoint slice controller");
        case FIRST_GOOD_TOKEN -> Sentence.of("routing to the new pod");
        default -> Sentence.of("%s (value not observed)", requireNonNullElse(setting, words));
      };
    }
  }

  private Phases() {}

  /** In the order of time; only the last may be without an end. Empty where there was no fault. */
  public static List<Phase> of(History history) {
    return Recovery.of(history).map(Phases::of).orElse(List.of());
  }

  public static List<Phase> of(Recovery recovery) {
    if (!recovery.lostNode()) {
      return restart(recovery);
    }
    var settings = new Settings(recovery.history());
    var slowest = LostPod.slowest(recovery);
    var pod = slowest.map(LostPod::pod).or(() -> recovery.lostPods().stream().findFirst());
    var phases = new ArrayList<Phase>();
    var from = recovery.taken();
    Part open = null;
    for (var part : Part.values()) {
      var end = end(part, recovery, slowest);
      if (end.isPresent()) {
        var at = end.get().stamp().at();
        var to = at.isBefore(from) ? from : at; // reached out of order: it cost nothing more
        phases.add(
            part == Part.TOLERATION && !recovery.tookNode()
                ? eviction(recovery, from, to)
                : part == Part.REPLACEMENT
                    ? replacement(recovery, from, to, to, settings, pod)
                    : phase(part, from, to, to, settings, pod));
        from = to;
        open = null;
      } else if (open == null && part != Part.FIRST_GOOD_TOKEN) {
        open = part; // the first token may go unseen: whether one comes is up to the load
      }
    }
    var back = slowest.isEmpty() ? returned(recovery) : Optional.<Instant>empty();
    if (back.isPresent() && !back.get().isBefore(from)) {
      phases.add(
          new Phase(
              "return",
              from,
              back.get(),
              Recovery.seconds(from, back.get()),
              cameBack(settings.of("tolerationSeconds", pod)),
              null));
    } else if (open != null) {
      phases.add(
          open == Part.REPLACEMENT
              ? replacement(recovery, from, null, recovery.end(), settings, pod)
              : phase(open, from, null, recovery.end(), settings, pod));
    }
    return List.copyOf(phases);
  }

  private static Sentence cameBack(Optional<SettingObserved> tolerance) {
    var early = Sentence.of("the node came back before its pods were evicted");
    return tolerance
        .map(s -> Sentence.list(": ", List.of(early, Sentence.quote(Settings.text(s)))))
        .orElse(early);
  }

  /** When the last pod of a taken node was ready again by itself; empty where one never was. */
  private static Optional<Instant> returned(Recovery recovery) {
    return recovery.lostPods().stream()
        .map(pod -> recovery.reachedByPod(Milestone.POD_READY_AGAIN, pod))
        .map(again -> again.map(m -> m.stamp().at()))
        .reduce((a, b) -> a.flatMap(x -> b.map(y -> x.isAfter(y) ? x : y)))
        .flatMap(last -> last);
  }

  /** No node was lost, so no taint was tolerated: somebody removed the pod itself. */
  private static Phase eviction(Recovery recovery, Instant from, Instant to) {
    var pressure =
        Stream.of(Milestone.MEMORY_PRESSURE, Milestone.DISK_PRESSURE)
            .anyMatch(m -> !recovery.reached(m).isEmpty());
    var drained =
        Recovery.events(recovery.history(), FaultInjected.class)
            .anyMatch(e -> Kinds.is(e.kind(), Trait.EVICTS_PODS));
    return new Phase(
        "eviction",
        from,
        to,
        Recovery.seconds(from, to),
        pressure
            ? Sentence.of("kubelet: evictionHard and its look every 10 s")
            : drained
                ? Sentence.of("the drain, as the pods' disruption budgets allow")
                : Sentence.of("the fault deletes the pod"),
        null);
  }

  /** Nobody was moved: the container that ended was started again in its pod. */
  private static List<Phase> restart(Recovery recovery) {
    var steps =
        List.of(
            Map.entry("restart", Milestone.CONTAINER_RESTARTED),
            Map.entry("ready again", Milestone.POD_READY_AGAIN));
    var slowest =
        Recovery.different(
                recovery.reached(Milestone.CONTAINER_ENDED).stream()
                    .flatMap(m -> Stream.ofNullable(Recovery.pod(m))))
            .stream()
            .max(Comparator.comparing(pod -> ready(recovery, pod)));
    if (slowest.isEmpty()) {
      return List.of();
    }
    var phases = new ArrayList<Phase>();
    var from = recovery.fault();
    for (var step : steps) {
      var end = recovery.reachedByPod(step.getValue(), slowest.get());
      if (end.isEmpty()) {
        break;
      }
      var to = end.get().stamp().at();
      var owner =
          step.getKey().equals("restart")
              ? Sentence.of("kubelet: restart back-off and container start")
              : Sentence.of("time that the model takes to load, readinessProbe.periodSeconds");
      phases.add(new Phase(step.getKey(), from, to, Recovery.seconds(from, to), owner, null));
      from = to;
    }
    return List.copyOf(phases);
  }

  private static Instant ready(Recovery recovery, ObjectRef.Pod pod) {
    return recovery
        .reachedByPod(Milestone.POD_READY_AGAIN, pod)
        .map(m -> m.stamp().at())
        .orElse(Instant.MAX);
  }

  /**
   * What is said of a span, and which part takes most of it, unless the span lies outside all.
   * Where somebody else changed the cluster meanwhile, or the span began with nothing of the
   * fault's course, no part is blamed.
   */
  public static Sentence blamed(Sentence what, Recovery recovery, Instant from, Instant to) {
    var changes = OutsideChangeGuard.changes(recovery, to);
    if (!changes.isEmpty()) {
      return Sentence.of(
          "%s; no phase is blamed: %s",
          what, OutsideChangeGuard.line(changes.getFirst(), recovery));
    }
    if (!Cause.known(recovery, from)) {
      return Sentence.of(
          "%s; its cause is not known: nothing that the fault set in motion began with it", what);
    }
    var phases = of(recovery);
    var owned =
        phases.stream()
            .map(phase -> overlap(phase, from, to))
            .reduce(Duration.ZERO, Duration::plus);
    if (!owned.isZero() && owned.multipliedBy(2).compareTo(Duration.between(from, to)) < 0) {
      return Sentence.of(
          "%s; its cause is not known: the recovery was over in most of that time", what);
    }
    return phases.stream()
        .max((a, b) -> overlap(a, from, to).compareTo(overlap(b, from, to)))
        .filter(phase -> overlap(phase, from, to).isPositive())
        .map(phase -> Sentence.list("; ", List.of(what, share(phase, from, to))))
        .orElse(what);
  }

  private static Sentence share(Phase phase, Instant from, Instant to) {
    double part = overlap(phase, from, to).toNanos() / 1e9;
    double all = Recovery.seconds(from, to);
    var name = Sentence.word("phase", phase.name());
    return phase.to() == null
        ? Sentence.of("%.0f of %.0f s: %s (never ended), %s", part, all, name, phase.owner())
        : Sentence.of("%.0f of %.0f s: %s, %s", part, all, name, phase.owner());
  }

  private static Optional<MilestoneReached> end(
      Part part, Recovery recovery, Optional<LostPod> slowest) {
    return switch (part) {
      case DETECTION, TAINT ->
          slowest
              .flatMap(LostPod::node)
              .flatMap(node -> recovery.reached(part.end, node))
              .or(() -> recovery.reachedByVictim(part.end));
      default -> slowest.flatMap(loss -> loss.reached(part.end));
    };
  }

  /**
   * A pod may take its grace period to terminate. What is shorter than any comes of no period, and
   * whoever kills a pod gives it another than its own.
   */
  private static Phase replacement(
      Recovery recovery,
      Instant from,
      @Nullable Instant to,
      Instant until,
      Settings settings,
      Optional<ObjectRef.Pod> pod) {
    boolean killed =
        pod.isPresent()
            && Recovery.events(recovery.history(), FaultInjected.class)
                .anyMatch(e -> Kinds.is(e.kind(), Trait.DELETES_PODS) && e.victim().is(pod.get()));
    boolean longer = Recovery.seconds(from, until) >= SHORTEST;
    if (longer && !killed) {
      return phase(Part.REPLACEMENT, from, to, until, settings, pod);
    }
    double grace = killed ? graceOfKill(recovery) : 0;
    return new Phase(
        Part.REPLACEMENT.words,
        from,
        to,
        to == null ? null : Recovery.seconds(from, to),
        longer && grace >= SHORTEST
            ? Sentence.of("the fault's gracePeriod of %.0f s", grace)
            : Part.REPLACEMENT.owner(),
        null);
  }

  private static double graceOfKill(Recovery recovery) {
    return recovery.history().drill().faults().stream()
        .map(Fault::kind)
        .mapToDouble(kind -> kind.gracePeriod().toNanos() / 1e9)
        .max()
        .orElse(0);
  }

  private static Phase phase(
      Part part,
      Instant from,
      @Nullable Instant to,
      Instant until,
      Settings settings,
      Optional<ObjectRef.Pod> pod) {
    var setting = Optional.ofNullable(part.setting).flatMap(name -> settings.of(name, pod));
    var text = setting.map(Settings::text).orElse(null);
    var most = setting.flatMap(Phases::most).orElse(null);
    var seconds = to == null ? null : Recovery.seconds(from, to);
    if (text != null && most != null && Recovery.seconds(from, until) > most + BESIDE) {
      return new Phase(
          part.words,
          from,
          to,
          seconds,
          Sentence.of(
              "%s, which explains no more than %.0f s: the rest has another cause", text, most),
          null);
    }
    return new Phase(
        part.words, from, to, seconds, text == null ? part.owner() : Sentence.quote(text), text);
  }

  /** The seconds that a setting may cost, where it tells a time: {@code 30}, {@code 50s (…)}. */
  private static Optional<Double> most(SettingObserved setting) {
    var value = setting.value().split(" ", 2)[0];
    return DurationText.parse(value.matches("[0-9]+") ? value + "s" : value)
        .map(time -> time.toNanos() / 1e9);
  }

  private static Duration overlap(Phase phase, Instant from, Instant to) {
    var start = phase.from().isAfter(from) ? phase.from() : from;
    var ended = phase.to();
    var end = ended == null || ended.isAfter(to) ? to : ended;
    return end.isAfter(start) ? Duration.between(start, end) : Duration.ZERO;
  }
}
