package dev.muster.observe.watch;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a run: nodes, leases, pods, workloads, endpoint slices; polls only where no watch
 * exists.
 */
public final class ClusterWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);
  private static final String LEASES = "kube-node-lease";

  private final KubernetesClient client;
  private final KubernetesClient probe;
  private final ListWatch.Limits limits;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Milestones milestones;
  private final OutsideChanges outside;
  private final PodRevisions revisions;
  private final Liveness liveness;
  private final List<ListWatch<?>> watches = new ArrayList<>();
  private final @Nullable LoadBalancer balancer;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ListWatch<Node> nodes;

  /**
   * Begins to watch.
   *
   * @param probe does not try again: what it is told once is what it says
   * @param loadBalancer HAProxy's statistics as CSV, null where there is none to ask
   * @throws ClusterException if the API server does not list, or its watches do not speak
   */
  public ClusterWatch(
      KubernetesClient client,
      KubernetesClient probe,
      Drill.Target target,
      @Nullable URI loadBalancer,
      InstantSource clock,
      Consumer<Event> timeline) {
    this(client, probe, target, loadBalancer, clock, timeline, ListWatch.Limits.USUAL);
  }

  ClusterWatch(
      KubernetesClient client,
      KubernetesClient probe,
      Drill.Target target,
      @Nullable URI loadBalancer,
      InstantSource clock,
      Consumer<Event> timeline,
      ListWatch.Limits limits) {
    this.client = client;
    this.probe = probe;
    this.limits = limits;
    this.clock = clock;
    this.timeline = timeline;
    milestones = new Milestones(target.labelSelectors(), clock, timeline, this::awaitModel);
    outside = new OutsideChanges(milestones::isVictim, clock, timeline);
    revisions = new PodRevisions(clock, timeline);
    liveness =
        new Liveness(
            probe,
            Liveness.EVERY,
            clock,
            timeline,
            alive -> watches.forEach(each -> each.cut(alive)));
    watch(
        Lease.class,
        LEASES,
        l -> {
          milestones.lease(l.getMetadata().getName(), renewal(l));
          outside.lease(l.getMetadata().getName(), renewal(l));
        },
        _ -> {});
    nodes =
        watch(
            Node.class,
            null,
            n -> {
              milestones.node(n);
              outside.node(n);
            },
            outside::nodeGone);
    String namespace = target.namespace();
    watch(ReplicaSet.class, namespace, milestones::replicaSet, _ -> {});
    watch(
        Deployment.class,
        namespace,
        outside::deployment,
        d -> outside.workloadGone("Deployment", d));
    watch(
        StatefulSet.class,
        namespace,
        outside::statefulSet,
        s -> outside.workloadGone("StatefulSet", s));
    watch(Pod.class, namespace, milestones::pod, milestones::podGone);
    watch(EndpointSlice.class, namespace, milestones::slice, _ -> {});
    nodes.prove();
    milestones.live();
    balancer =
        loadBalancer == null
            ? null
            : new LoadBalancer(loadBalancer, POLL, clock, timeline, this::servers);
    watches.forEach(ListWatch::follow);
    liveness.follow();
    if (balancer != null) {
      balancer.follow();
    }
  }

  /** Lists at once: what there is now was there before the fault. */
  private <T extends HasMetadata> ListWatch<T> watch(
      Class<T> type, @Nullable String namespace, Consumer<T> changed, Consumer<T> gone) {
    ListWatch<T> watch =
        new ListWatch<>(
            client,
            probe,
            type,
            namespace,
            limits,
            clock,
            timeline,
            (object, isGone, within) -> {
              Duration gap = longer(within, liveness.uncertainty());
              Runnable tell = () -> (isGone ? gone : changed).accept(object);
              milestones.within(gap, () -> outside.within(gap, tell));
              if (object instanceof Pod pod) {
                // behind it, and in no lock of theirs: their times do not wait for its event
                revisions.within(gap, () -> revision(pod, isGone));
              }
            });
    watch.list();
    watches.add(watch);
    return watch;
  }

  private void revision(Pod pod, boolean isGone) {
    if (isGone) {
      revisions.podGone(pod);
    } else {
      revisions.pod(pod);
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void servers(String csv, Duration within) {
    for (ObjectRef.Node victim : milestones.victims()) {
      LoadBalancer.serverUp(csv, victim.name())
          .ifPresent(up -> milestones.within(within, () -> milestones.loadBalancer(victim, up)));
    }
  }

  /** Asks the replacement itself, through the API server, whether its model is loaded. */
  private void awaitModel(Pod pod) {
    Optional<Integer> port = Pods.port(pod);
    if (port.isEmpty()) {
      return;
    }
    String path =
        "/api/v1/namespaces/%s/pods/%s:%d/proxy/health"
            .formatted(pod.getMetadata().getNamespace(), Pods.name(pod), port.get());
    Thread.ofVirtual()
        .name("model-" + Pods.name(pod))
        .start(() -> {
          Instant asked = clock.instant();
          while (!pause()) {
            Instant before = asked;
            asked = clock.instant();
            if (answers(path)) {
              Instant now = clock.instant();
              timeline.accept(
                  new Event.MilestoneReached(
                      Stamp.seen(now, "worker", Duration.between(before, now)),
                      Milestone.MODEL_LOADED,
                      Pods.ref(pod),
                      Map.of("asked", "/health")));
              return;
            }
          }
        });
  }

  private boolean answers(String path) {
    try {
      return probe.raw(path) != null;
    } catch (KubernetesClientException e) {
      return false; // not yet: 503 while it loads
    }
  }

  /** True when closed. */
  private boolean pause() {
    try {
      return closed.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static @Nullable Instant renewal(Lease lease) {
    return lease.getSpec() == null || lease.getSpec().getRenewTime() == null
        ? null
        : lease.getSpec().getRenewTime().toInstant();
  }

  /** A node is about to be disturbed; to be told before it is. */
  public void victimNode(ObjectRef.Node node) {
    milestones.victimNode(node);
  }

  /** A pod is about to be disturbed; to be told before it is. */
  public void victimPod(ObjectRef.Pod pod) {
    milestones.victimPod(pod);
  }

  /** Each node and whether it is Ready, for people. */
  public String nodeStates() {
    return nodes.objects().stream()
        .sorted(java.util.Comparator.comparing(n -> n.getMetadata().getName()))
        .map(n -> n.getMetadata().getName() + (Pods.ready(n) ? "" : " NOT READY"))
        .collect(Collectors.joining(" "));
  }

  @Override
  public void close() {
    closed.countDown();
    liveness.close();
    watches.forEach(ListWatch::close);
    if (balancer != null) {
      balancer.close();
    }
  }
}
