package dev.muster.policy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** All that the rules are computed from, as the API server tells it. */
final class Watches {
  private static final System.Logger LOG = System.getLogger(Watches.class.getName());

  /** Changes come in bursts: a rollout, a drill that begins. */
  private static final Duration CALM = Duration.ofMillis(100);

  private final Semaphore changes = new Semaphore(0);
  private final SharedIndexInformer<NetworkPolicy> policies;
  private final SharedIndexInformer<Namespace> namespaces;
  private final SharedIndexInformer<Pod> pods;

  /** Begins to watch and goes on for ever, whatever the API server does meanwhile. */
  Watches(KubernetesClient client) {
    policies = watch(client.network().v1().networkPolicies().inAnyNamespace().runnableInformer(0));
    namespaces = watch(client.namespaces().runnableInformer(0));
    pods = watch(client.pods().inAnyNamespace().runnableInformer(0));
  }

  private <T extends HasMetadata> SharedIndexInformer<T> watch(SharedIndexInformer<T> informer) {
    informer.exceptionHandler((_, problem) -> {
      LOG.log(
          Level.WARNING,
          "watch of " + informer.getApiTypeClass().getSimpleName() + ": " + problem.getMessage());
      return true;
    });
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            changes.release();
          }

          @Override
          public void onUpdate(T before, T now) {
            changes.release();
          }

          @Override
          public void onDelete(T object, boolean unknown) {
            changes.release();
          }
        });
    var _ = informer.start();
    return informer;
  }

  /** Whether everything that there is has been seen; no rules make sense before. */
  boolean complete() {
    return policies.hasSynced() && namespaces.hasSynced() && pods.hasSynced();
  }

  /**
   * Waits for a change and for the end of its burst.
   *
   * @return false if there was none in that time
   */
  boolean changedWithin(Duration time) throws InterruptedException {
    if (!changes.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
    changes.drainPermits();
    return true;
  }

  List<NetworkPolicy> policies() {
    return policies.getStore().list();
  }

  /** Labels by the namespace's name. */
  Map<String, Map<String, String>> namespaces() {
    return namespaces.getStore().list().stream()
        .collect(
            Collectors.toMap(
                n -> n.getMetadata().getName(),
                n -> Objects.requireNonNullElse(n.getMetadata().getLabels(), Map.of())));
  }

  List<PodAt> pods() {
    return pods.getStore().list().stream().flatMap(p -> PodAt.of(p).stream()).toList();
  }
}
