package dev.muster.observe.watch;

import static java.util.Objects.requireNonNullElse;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells what somebody other than the drill does to nodes and to the target's workloads while it
 * goes on: harm may come of that as well. Fed by watches, like {@link Milestones}. Safe for several
 * threads.
 */
final class OutsideChanges {
  private static final Duration WATCH = Duration.ofMillis(500);

  /** A node that was away for less than its grace period was never NotReady. */
  private static final Duration UNNOTICED = Duration.ofMinutes(1);

  private final Predicate<Node> victim;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Map<String, Boolean> ready = new HashMap<>();
  private final Map<String, String> boots = new HashMap<>();
  private final Map<String, Instant> renewals = new HashMap<>();
  private final Map<ObjectRef, Spec> specs = new HashMap<>();
  private Duration within = WATCH;

  /** What people change of a workload. */
  private record Spec(int replicas, @Nullable PodTemplateSpec template, Optional<String> fault) {}

  /**
   * @param victim whether the drill itself disturbs a node
   */
  OutsideChanges(Predicate<Node> victim, InstantSource clock, Consumer<Event> timeline) {
    this.victim = victim;
    this.clock = clock;
    this.timeline = timeline;
  }

  /** What is told meanwhile happened at most so long ago: after a gap of a watch. */
  synchronized void within(Duration gap, Runnable told) {
    within = longer(gap, WATCH);
    try {
      told.run();
    } finally {
      within = WATCH;
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  synchronized void lease(String node, @Nullable Instant renewal) {
    if (renewal != null) {
      renewals.put(node, renewal);
    }
  }

  synchronized void node(Node node) {
    String name = node.getMetadata().getName();
    Boolean was = ready.put(name, Pods.ready(node));
    var info = node.getStatus() == null ? null : node.getStatus().getNodeInfo();
    String boot = info == null ? null : info.getBootID();
    String before = boot == null ? null : boots.put(name, boot);
    if (was == null || victim.test(node)) {
      return;
    }
    if (before != null && !before.equals(boot)) {
      tell(Pods.ref(node), Change.REBOOTED, longer(UNNOTICED, within));
    }
    if (was && !Pods.ready(node)) {
      Instant renewal = renewals.get(name);
      Duration silent = renewal == null ? WATCH : Duration.between(renewal, clock.instant());
      tell(Pods.ref(node), Change.NOT_READY, longer(silent, within));
    } else if (!was && Pods.ready(node)) {
      tell(Pods.ref(node), Change.READY, within);
    }
  }

  synchronized void nodeGone(Node node) {
    if (ready.remove(node.getMetadata().getName()) != null && !victim.test(node)) {
      tell(Pods.ref(node), Change.GONE, within);
    }
  }

  synchronized void deployment(Deployment d) {
    var spec = d.getSpec();
    changed(Pods.workload("Deployment", d), d, spec.getReplicas(), spec.getTemplate());
  }

  synchronized void statefulSet(StatefulSet s) {
    var spec = s.getSpec();
    changed(Pods.workload("StatefulSet", s), s, spec.getReplicas(), spec.getTemplate());
  }

  private void changed(
      ObjectRef.Workload workload,
      HasMetadata object,
      @Nullable Integer replicas,
      @Nullable PodTemplateSpec template) {
    Spec now = new Spec(requireNonNullElse(replicas, 1), template, WorkloadMark.of(object));
    Spec was = specs.put(workload, now);
    // a fault puts its mark, and takes it away, with what it changes
    if (was == null || !was.fault.equals(now.fault)) {
      return;
    }
    if (was.replicas != now.replicas) {
      tell(
          workload,
          now.replicas > was.replicas ? Change.SCALED_UP : Change.SCALED_DOWN,
          Map.of("from", Integer.toString(was.replicas), "to", Integer.toString(now.replicas)));
    }
    if (was.template != null && !was.template.equals(template)) {
      tell(workload, Change.ROLLED_OUT, Map.of());
    }
  }

  synchronized void workloadGone(String kind, HasMetadata object) {
    var workload = Pods.workload(kind, object);
    if (specs.remove(workload) != null) {
      tell(workload, Change.GONE, Map.of());
    }
  }

  /** Of a node: nothing more is to be said of it than when it may have begun. */
  private void tell(ObjectRef.Node node, Change change, Duration uncertainty) {
    timeline.accept(
        new Event.OutsideChange(
            Stamp.seen(clock.instant(), "api-server", uncertainty), node, change, Map.of()));
  }

  private void tell(ObjectRef.Workload workload, Change change, Map<String, String> detail) {
    timeline.accept(
        new Event.OutsideChange(
            Stamp.seen(clock.instant(), "api-server", within), workload, change, detail));
  }
}
