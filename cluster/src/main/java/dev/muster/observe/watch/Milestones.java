package dev.muster.observe.watch;

import dev.muster.cluster.object.Pods;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes of objects into milestones. Fed by watches, knows nothing of them. Safe for several
 * threads. Each milestone of an object is said once. Pods are known by namespace, name and UID.
 */
public final class Milestones {
  /** A watch event arrives within this; measured well below it on an idle cluster, kept honest. */
  private static final Duration WATCH = Duration.ofMillis(500);

  private final Map<String, String> selector;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Consumer<Pod> startedReplacement;
  private final Map<Milestone, Set<String>> said = new EnumMap<>(Milestone.class);
  private final Map<ObjectRef.Pod, Pod> known = new HashMap<>();
  private final Set<ObjectRef.Pod> before = new HashSet<>();
  private final Set<ObjectRef.Pod> lost = new HashSet<>();
  private final Set<ObjectRef.Pod> terminating = new HashSet<>();
  private final Set<ObjectRef.Pod> served = new HashSet<>();
  private final Map<ObjectRef.Pod, Integer> restarts = new HashMap<>();
  private final Map<String, ObjectRef.Node> victims = new HashMap<>();
  private final Map<String, Stamp> renewals = new HashMap<>();
  private final Replacements replacements = new Replacements();
  private boolean live;
  private Duration within = WATCH;

  /**
   * @param startedReplacement told once when a replacement's container runs
   */
  public Milestones(
      Map<String, String> selector,
      InstantSource clock,
      Consumer<Event> timeline,
      Consumer<Pod> startedReplacement) {
    this.selector = selector;
    this.clock = clock;
    this.timeline = timeline;
    this.startedReplacement = startedReplacement;
  }

  /**
   * What is told meanwhile happened at most so long ago: after a gap of a watch nobody knows
   * better.
   */
  public synchronized void within(Duration gap, Runnable told) {
    within = gap.compareTo(WATCH) > 0 ? gap : WATCH;
    try {
      told.run();
    } finally {
      within = WATCH;
    }
  }

  /** What was seen so far was there before; from now on changes count. */
  public synchronized void live() {
    live = true;
  }

  /** A node is about to be disturbed: what the target has there may be lost. */
  public synchronized void victimNode(ObjectRef.Node node) {
    victims.put(node.name(), node);
    List<Pod> there =
        known.values().stream()
            .filter(p -> Pods.on(p, node.name()) && Pods.lives(p))
            .filter(p -> Pods.matches(p, selector))
            .sorted(Comparator.comparing(Pods::object))
            .toList();
    there.forEach(this::lose);
    timeline.accept(
        new Event.VictimHosts(
            Stamp.seen(clock.instant(), "api-server", within),
            node,
            there.stream().map(Pods::ref).toList()));
  }

  /** A pod is about to be disturbed. */
  public synchronized void victimPod(ObjectRef.Pod victim) {
    known.values().stream()
        .filter(p -> Pods.ref(p).is(victim) && Pods.matches(p, selector))
        .forEach(this::lose);
  }

  private void lose(Pod pod) {
    lost.add(Pods.ref(pod));
    restarts.put(Pods.ref(pod), Pods.restarts(pod));
  }

  /** Whether the drill has disturbed this node. */
  public synchronized boolean isVictim(Node node) {
    return victims.containsKey(node.getMetadata().getName());
  }

  /** A ReplicaSet, which makes pods in the name of a Deployment. */
  public synchronized void replicaSet(ReplicaSet set) {
    replacements.know(set);
  }

  public synchronized Set<ObjectRef.Node> victims() {
    return Set.copyOf(victims.values());
  }

  public synchronized void lease(String node, @Nullable Instant renewal) {
    Stamp known = renewals.get(node);
    if (renewal != null && (known == null || !renewal.equals(known.sourceTime()))) {
      Instant now = clock.instant();
      // a list, or a watch that was away, tells late what may be as old as it says
      Duration age = Duration.between(renewal, now);
      renewals.put(node, new Stamp(now, "node", renewal, age.compareTo(WATCH) > 0 ? age : WATCH));
    }
  }

  public synchronized void node(Node node) {
    ObjectRef.Node object = victims.get(node.getMetadata().getName());
    if (!live || object == null) {
      return;
    }
    if (!Pods.ready(node) && notYet(Milestone.NODE_NOT_READY, object)) {
      Stamp renewal = renewals.get(object.name());
      if (renewal != null) {
        timeline.accept(
            new Event.MilestoneReached(renewal, Milestone.LAST_LEASE, object, Map.of()));
      }
      // Unknown by its silence, False by its own word
      say(Milestone.NODE_NOT_READY, object, Map.of("status", Pods.condition(node, "Ready")));
    }
    Pods.taints(node).stream()
        .filter(t ->
            t.getKey().equals("node.kubernetes.io/unreachable")
                || t.getKey().equals("node.kubernetes.io/not-ready"))
        .forEach(t ->
            say(
                t.getEffect().equals("NoExecute")
                    ? Milestone.TAINT_NO_EXECUTE
                    : Milestone.TAINT_NO_SCHEDULE,
                object,
                Map.of("key", t.getKey())));
    if (Pods.ready(node) && !notYet(Milestone.NODE_NOT_READY, object)) {
      say(Milestone.NODE_READY, object, Map.of());
    }
    pressure(
        node, object, "MemoryPressure", Milestone.MEMORY_PRESSURE, Milestone.MEMORY_PRESSURE_GONE);
    pressure(node, object, "DiskPressure", Milestone.DISK_PRESSURE, Milestone.DISK_PRESSURE_GONE);
  }

  private void pressure(
      Node node, ObjectRef.Node object, String condition, Milestone begins, Milestone ends) {
    String status = Pods.condition(node, condition);
    if (status.equals("True")) {
      say(begins, object, Map.of());
    } else if (status.equals("False") && !notYet(begins, object)) {
      say(ends, object, Map.of());
    }
  }

  public synchronized void pod(Pod pod) {
    ObjectRef.Pod name = Pods.ref(pod);
    known.put(name, pod);
    boolean ours = lost.contains(name) || victims.keySet().stream().anyMatch(v -> Pods.on(pod, v));
    if (ours && Pods.terminating(pod)) {
      terminating.add(name);
    }
    if (!Pods.matches(pod, selector)) {
      return;
    }
    if (!live) {
      before.add(name);
      return;
    }
    if (lost.contains(name)) {
      lostPod(pod);
      // one that became a victim before it was ready still takes its predecessor's place
      if (replacements.has(name) && Pods.ready(pod)) {
        say(Milestone.REPLACEMENT_READY, name, Map.of());
      }
    } else if (!before.contains(name)) {
      replacement(pod);
    }
  }

  private void lostPod(Pod pod) {
    containers(pod);
    if (!Pods.ready(pod)) {
      say(Milestone.POD_NOT_READY, Pods.ref(pod), Map.of());
    } else if (!notYet(Milestone.POD_NOT_READY, Pods.ref(pod))) {
      say(Milestone.POD_READY_AGAIN, Pods.ref(pod), Map.of());
    }
    // a kubelet that is short of something ends a pod and leaves its object
    boolean ended = pod.getStatus() != null && "Failed".equals(pod.getStatus().getPhase());
    if ((ended || Pods.terminating(pod))
        && say(
            Milestone.POD_EVICTED,
            Pods.ref(pod),
            ended ? Map.of("how", String.valueOf(pod.getStatus().getReason())) : Map.of())) {
      replacements.lost(pod);
    }
  }

  /** Its containers, where they end and are started again in the same pod. */
  private void containers(Pod pod) {
    ObjectRef.Pod object = Pods.ref(pod);
    int before = restarts.getOrDefault(Pods.ref(pod), 0);
    Pods.ended(pod, before)
        .ifPresent(reason -> {
          say(Milestone.CONTAINER_ENDED, object, Map.of("reason", reason));
          if (reason.equals("OOMKilled")) {
            say(Milestone.OOM_KILLED, object, Map.of());
          }
        });
    if (Pods.restarts(pod) > before && Pods.started(pod)) {
      say(Milestone.CONTAINER_RESTARTED, object, Map.of());
    }
  }

  private void replacement(Pod pod) {
    ObjectRef.Pod object = Pods.ref(pod);
    Optional<ObjectRef.Pod> replaces = replacements.replacedBy(pod);
    if (replaces.isEmpty()) {
      return;
    }
    say(Milestone.REPLACEMENT_CREATED, object, Map.of("replaces", replaces.get().text()));
    if (pod.getSpec().getNodeName() != null) {
      say(Milestone.REPLACEMENT_SCHEDULED, object, Map.of("node", pod.getSpec().getNodeName()));
    }
    if (Pods.started(pod) && say(Milestone.REPLACEMENT_STARTED, object, Map.of())) {
      startedReplacement.accept(pod);
    }
    if (Pods.ready(pod)) {
      say(Milestone.REPLACEMENT_READY, object, Map.of());
    } else if (!Pods.lives(pod) && notYet(Milestone.REPLACEMENT_READY, object)) {
      replacements.failed(pod); // a node may refuse it: then another one is made
    }
  }

  public synchronized void podGone(Pod pod) {
    ObjectRef.Pod name = Pods.ref(pod);
    known.remove(name);
    // one that was deleted without grace never had a deletion time that anybody saw
    if (lost.contains(name) && say(Milestone.POD_EVICTED, name, Map.of("how", "deleted at once"))) {
      replacements.lost(pod);
      terminating.add(name);
    }
    if (terminating.remove(name) && live && terminating.isEmpty()) {
      say(Milestone.LEFTOVERS_GONE, victimOf(pod), Map.of());
    }
  }

  public synchronized void slice(EndpointSlice slice) {
    String service =
        Pods.labels(slice)
            .getOrDefault("kubernetes.io/service-name", slice.getMetadata().getName());
    var object = new ObjectRef.EndpointSlice(slice.getMetadata().getNamespace(), service);
    if (slice.getEndpoints() == null) {
      return;
    }
    slice.getEndpoints().stream()
        .filter(e -> e.getTargetRef() != null)
        .forEach(e ->
            endpoint(
                object,
                new ObjectRef.Pod(
                    object.namespace(), e.getTargetRef().getName(), e.getTargetRef().getUid()),
                e.getConditions() == null || !Boolean.FALSE.equals(e.getConditions().getReady())));
  }

  private void endpoint(ObjectRef.EndpointSlice object, ObjectRef.Pod pod, boolean ready) {
    Map<String, String> detail = Map.of("pod", pod.text());
    String key = object.text() + pod.text();
    if (ready) {
      boolean back = lost.contains(pod) && !notYet(Milestone.ENDPOINT_REMOVED, key);
      if (live && (replacements.has(pod) || back) && once(Milestone.ENDPOINT_ADDED, key)) {
        emit(Milestone.ENDPOINT_ADDED, object, detail);
      }
      served.add(pod);
    } else if (live
        && lost.contains(pod)
        && served.contains(pod)
        && once(Milestone.ENDPOINT_REMOVED, key)) {
      emit(Milestone.ENDPOINT_REMOVED, object, detail);
    }
  }

  private ObjectRef.Node victimOf(Pod pod) {
    String node = String.valueOf(pod.getSpec().getNodeName());
    return victims.getOrDefault(node, new ObjectRef.Node(node, null));
  }

  /** The load balancer's view of the victim's ingress. */
  public synchronized void loadBalancer(ObjectRef.Node node, boolean up) {
    var object = new ObjectRef.LoadBalancerBackend(node.name());
    if (!up) {
      say(Milestone.LOAD_BALANCER_REMOVED, object, Map.of());
    } else if (!notYet(Milestone.LOAD_BALANCER_REMOVED, object)) {
      say(Milestone.LOAD_BALANCER_ADDED, object, Map.of());
    }
  }

  private boolean say(Milestone milestone, ObjectRef object, Map<String, String> detail) {
    if (!once(milestone, object.text())) {
      return false;
    }
    emit(milestone, object, detail);
    return true;
  }

  private boolean notYet(Milestone milestone, Object key) {
    return !said.getOrDefault(milestone, Set.of())
        .contains(key instanceof ObjectRef object ? object.text() : key);
  }

  private boolean once(Milestone milestone, String key) {
    return said.computeIfAbsent(milestone, _ -> new HashSet<>()).add(key);
  }

  private void emit(Milestone milestone, ObjectRef object, Map<String, String> detail) {
    String source = milestone.name().startsWith("LOAD_BALANCER") ? "load-balancer" : "api-server";
    timeline.accept(
        new Event.MilestoneReached(
            Stamp.seen(clock.instant(), source, within), milestone, object, detail));
  }
}
