package dev.muster.observe.watch;

import dev.muster.cluster.object.Pods;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which new pod takes the place of which lost one: one that the same controller made after the lost
 * pod had been told to go. A pod more, which somebody's scale-up made, takes nobody's place.
 */
final class Replacements {
  private final Map<String, String> deployments = new HashMap<>();
  private final List<Pod> unreplaced = new ArrayList<>();
  private final Map<ObjectRef.Pod, Pod> replaced = new HashMap<>();
  private final Set<ObjectRef.Pod> failed = new HashSet<>();
  private final Map<ObjectRef.Pod, Integer> seen = new HashMap<>();
  private int losses;

  /** Whose pods a ReplicaSet makes; those of a rollout's new one are the same Deployment's. */
  void know(ReplicaSet set) {
    set.getMetadata().getOwnerReferences().stream()
        .filter(o -> Boolean.TRUE.equals(o.getController()))
        .findFirst()
        .ifPresent(o -> deployments.put(set.getMetadata().getUid(), o.getUid()));
  }

  /** The pod has been told to go, or has gone. */
  void lost(Pod pod) {
    unreplaced.add(pod);
    seen.put(Pods.ref(pod), losses++);
  }

  /** In whose place the pod is; the same answer each time. Empty where it is in nobody's. */
  Optional<ObjectRef.Pod> replacedBy(Pod pod) {
    ObjectRef.Pod name = Pods.ref(pod);
    seen.putIfAbsent(name, losses);
    if (!replaced.containsKey(name)) {
      unreplaced.stream()
          .filter(l -> sameController(l, pod) && after(l, pod))
          .findFirst()
          .ifPresent(l -> {
            unreplaced.remove(l);
            replaced.put(name, l);
          });
    }
    return Optional.ofNullable(replaced.get(name)).map(Pods::ref);
  }

  /** It ended before it was ready: the place is free again. */
  void failed(Pod pod) {
    Pod lost = replaced.get(Pods.ref(pod));
    if (lost != null && failed.add(Pods.ref(pod))) {
      unreplaced.addFirst(lost);
    }
  }

  boolean has(ObjectRef.Pod pod) {
    return replaced.containsKey(pod);
  }

  private boolean sameController(Pod a, Pod b) {
    Optional<String> controller = controller(a);
    return controller.isPresent() && controller.equals(controller(b));
  }

  private Optional<String> controller(Pod pod) {
    return Pods.owner(pod).map(OwnerReference::getUid).map(u -> deployments.getOrDefault(u, u));
  }

  /**
   * By the API server's own times, for after a lost watch things are seen in any order; where it
   * tells none, by the order in which they were seen first.
   */
  private boolean after(Pod lost, Pod pod) {
    String until = lost.getMetadata().getDeletionTimestamp();
    String created = pod.getMetadata().getCreationTimestamp();
    if (until == null || created == null) {
      return seen.getOrDefault(Pods.ref(pod), 0) > seen.getOrDefault(Pods.ref(lost), 0);
    }
    Long grace = lost.getMetadata().getDeletionGracePeriodSeconds();
    Instant told = Instant.parse(until).minusSeconds(grace == null ? 0 : grace);
    return !Instant.parse(created).isBefore(told);
  }
}
