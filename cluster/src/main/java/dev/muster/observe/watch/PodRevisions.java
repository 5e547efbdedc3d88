package dev.muster.observe.watch;

import dev.muster.cluster.object.Pods;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells of each pod which revision of its workload it is, and each time that it begins or ceases to
 * be one that requests belong to. Of pods that carry no revision, as those of Jobs, it tells
 * nothing. Fed by watches, like {@link Milestones}. Safe for several threads.
 */
final class PodRevisions {
  private static final Duration WATCH = Duration.ofMillis(500);

  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Map<ObjectRef.Pod, Boolean> ready = new HashMap<>();
  private Duration within = WATCH;

  PodRevisions(InstantSource clock, Consumer<Event> timeline) {
    this.clock = clock;
    this.timeline = timeline;
  }

  /** What is told meanwhile happened at most so long ago: after a gap of a watch. */
  synchronized void within(Duration gap, Runnable told) {
    within = gap.compareTo(WATCH) > 0 ? gap : WATCH;
    try {
      told.run();
    } finally {
      within = WATCH;
    }
  }

  /** One that is told to go is no endpoint any more, however its probe goes on. */
  synchronized void pod(Pod pod) {
    is(pod, Pods.ready(pod) && !Pods.terminating(pod));
  }

  synchronized void podGone(Pod pod) {
    if (ready.containsKey(Pods.ref(pod))) {
      is(pod, false);
      ready.remove(Pods.ref(pod));
    }
  }

  private void is(Pod pod, boolean now) {
    Optional<String> revision = Pods.revision(pod);
    Optional<OwnerReference> owner = Pods.owner(pod);
    if (revision.isEmpty() || owner.isEmpty()) {
      return;
    }
    Boolean was = ready.put(Pods.ref(pod), now);
    if (was == null || was != now) {
      timeline.accept(
          new Event.PodSeen(
              Stamp.seen(clock.instant(), "api-server", within),
              Pods.ref(pod),
              workload(owner.get(), pod.getMetadata().getNamespace(), revision.get()),
              revision.get(),
              now));
    }
  }

  /** A Deployment calls its ReplicaSets after itself and their hash (1.37: sync.go, line 559). */
  private static ObjectRef.Workload workload(
      OwnerReference owner, String namespace, String revision) {
    String end = "-" + revision;
    String name = String.valueOf(owner.getName());
    return "ReplicaSet".equals(owner.getKind()) && name.endsWith(end)
        ? new ObjectRef.Workload(
            "Deployment", namespace, name.substring(0, name.length() - end.length()), null)
        : Pods.workload(owner, namespace);
  }
}
