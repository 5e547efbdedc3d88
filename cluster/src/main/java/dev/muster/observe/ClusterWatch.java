package dev.muster.observe;

import dev.muster.cluster.Pods;
import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

  private final KubernetesClient probe;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Milestones milestones;
  private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final SharedIndexInformer<Node> nodes;
  private final SharedIndexInformer<Lease> leases;

  /**
   * @param probe does not try again: what it is told once is what it says
   * @param loadBalancer HAProxy's statistics as CSV, null where there is none to ask
   */
  public ClusterWatch(
      KubernetesClient client,
      KubernetesClient probe,
      Drill.Target target,
      @Nullable URI loadBalancer,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.probe = probe;
    this.clock = clock;
    this.timeline = timeline;
    milestones = new Milestones(target.labelSelectors(), clock, timeline, this::awaitModel);
    var outside = new OutsideChanges(milestones::isVictim, clock, timeline);
    leases =
        watch(
            client.leases().inNamespace(LEASES).runnableInformer(0),
            l -> {
              milestones.lease(l.getMetadata().getName(), renewal(l));
              outside.lease(l.getMetadata().getName(), renewal(l));
            },
            _ -> {});
    nodes =
        watch(
            client.nodes().runnableInformer(0),
            n -> {
              milestones.node(n);
              outside.node(n);
            },
            outside::nodeGone);
    var apps = client.apps();
    String namespace = target.namespace();
    var sets =
        watch(
            apps.replicaSets().inNamespace(namespace).runnableInformer(0),
            milestones::replicaSet,
            _ -> {});
    watch(
        apps.deployments().inNamespace(namespace).runnableInformer(0),
        outside::deployment,
        d -> outside.workloadGone("Deployment", d));
    watch(
        apps.statefulSets().inNamespace(namespace).runnableInformer(0),
        outside::statefulSet,
        s -> outside.workloadGone("StatefulSet", s));
    var pods =
        watch(
            client.pods().inNamespace(target.namespace()).runnableInformer(0),
            milestones::pod,
            milestones::podGone);
    var slices =
        watch(
            client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(target.namespace())
                .runnableInformer(0),
            milestones::slice,
            _ -> {});
    // handlers run later than the lists: what is in the stores now was there before the fault
    leases.getStore().list().forEach(l -> milestones.lease(l.getMetadata().getName(), renewal(l)));
    sets.getStore().list().forEach(milestones::replicaSet);
    pods.getStore().list().forEach(milestones::pod);
    slices.getStore().list().forEach(milestones::slice);
    milestones.live();
    if (loadBalancer != null) {
      Thread.ofVirtual().name("load-balancer").start(() -> pollLoadBalancer(loadBalancer));
    }
  }

  private <T extends HasMetadata> SharedIndexInformer<T> watch(
      SharedIndexInformer<T> informer, Consumer<T> changed, Consumer<T> gone) {
    String what = informer.getApiTypeClass().getSimpleName();
    informer.exceptionHandler((_, problem) -> {
      lost("watch of " + what, problem);
      return closed.getCount() > 0;
    });
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            changed.accept(object);
          }

          @Override
          public void onUpdate(T before, T now) {
            changed.accept(now);
          }

          @Override
          public void onDelete(T object, boolean unknown) {
            gone.accept(object);
          }
        });
    informer.run();
    informers.add(informer);
    return informer;
  }

  private void lost(String what, Throwable problem) {
    if (closed.getCount() > 0) {
      timeline.accept(
          new Event.ObservationLost(
              Stamp.engine(clock.instant()), what, String.valueOf(problem.getMessage())));
    }
  }

  /** Asks the replacement itself, through the API server, whether its model is loaded. */
  private void awaitModel(Pod pod) {
    var ports = pod.getSpec().getContainers().getFirst().getPorts();
    if (ports.isEmpty()) {
      return;
    }
    String path =
        "/api/v1/namespaces/%s/pods/%s:%d/proxy/health"
            .formatted(
                pod.getMetadata().getNamespace(),
                Pods.name(pod),
                ports.getFirst().getContainerPort());
    Thread.ofVirtual()
        .name("model-" + Pods.name(pod))
        .start(() -> {
          while (!pause()) {
            if (answers(path)) {
              timeline.accept(
                  new Event.MilestoneReached(
                      Stamp.seen(clock.instant(), "worker", POLL.multipliedBy(2)),
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

  private void pollLoadBalancer(URI statistics) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (!pause()) {
        try {
          String csv =
              http.send(
                      HttpRequest.newBuilder(statistics).timeout(Duration.ofSeconds(2)).build(),
                      BodyHandlers.ofString())
                  .body();
          for (ObjectRef.Node victim : milestones.victims()) {
            serverUp(csv, victim.name()).ifPresent(up -> milestones.loadBalancer(victim, up));
          }
        } catch (java.io.IOException e) {
          lost("load balancer", e);
          return;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** HAProxy's CSV: column 2 is the server, column 18 its status. */
  static Optional<Boolean> serverUp(String csv, String server) {
    return csv.lines()
        .map(l -> l.split(",", -1))
        .filter(f -> f.length > 17 && f[1].equals(server))
        .map(f -> f[17].startsWith("UP"))
        .findFirst();
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
    return lease.getSpec().getRenewTime() == null
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
    return nodes.getStore().list().stream()
        .sorted(java.util.Comparator.comparing(n -> n.getMetadata().getName()))
        .map(n -> n.getMetadata().getName() + (Pods.ready(n) ? "" : " NOT READY"))
        .collect(Collectors.joining(" "));
  }

  @Override
  public void close() {
    closed.countDown();
    informers.forEach(SharedIndexInformer::stop);
  }
}
