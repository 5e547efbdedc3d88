package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.kind.NodeDrain;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.Eviction;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cordons a node and asks the Eviction API to take each pod on it that is meant, again and again
 * where a budget refuses for the moment; who tolerates the cordon and came after it is not. The
 * undo lifts the cordon; pods are not moved back. Used by one thread at a time.
 */
public final class DrainDeed implements ApiDeed {
  /** As {@code kubectl drain} does. */
  private static final Duration APART = Duration.ofSeconds(5);

  /** Budgets and grace periods take seconds at least. */
  private static final Duration STEP = Duration.ofSeconds(1);

  /** The pod is gone, or is another one by its name. */
  private static final Set<Integer> SETTLED =
      Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT);

  /** By which an API server refuses, with code 500, where it does not know which budget to ask. */
  private static final String SEVERAL = "more than one PodDisruptionBudget";

  private final KubernetesClient client;
  private final KubernetesClient once;
  private final NodeDrain kind;
  private final Evictable evictable;
  private final String node;
  private final String uid;
  private final String label;
  private final Time time;
  private final Set<String> meant = new HashSet<>();
  private @Nullable Long asked;
  private volatile boolean lifted;

  /** What was answered, by the pod's UID, where it was neither an eviction nor a budget's no. */
  private final Map<String, String> refused = new HashMap<>();

  /**
   * @param once does not try again by itself: a budget that refuses is asked every 5 s, not at once
   * @param evictable of the kind's pods
   * @param uid of the node that was chosen; another one by its name is left alone
   * @param label of the fault, by {@link InjectionContext#mark}
   */
  public DrainDeed(
      KubernetesClient client,
      KubernetesClient once,
      NodeDrain kind,
      Evictable evictable,
      String node,
      String uid,
      String label,
      Time time) {
    this.client = client;
    this.once = once;
    this.kind = kind;
    this.evictable = evictable;
    this.node = node;
    this.uid = uid;
    this.label = label;
    this.time = time;
  }

  @Override
  public Map<String, String> identity() {
    return Cordon.identity(node, uid, label);
  }

  @Override
  public Duration patience() {
    return kind.timeout();
  }

  @Override
  public Duration step() {
    return STEP;
  }

  /** The cluster keeps a cordon for ever: Muster lifts it at its ttl. */
  @Override
  public boolean endsItself() {
    return false;
  }

  @Override
  public void apply() {
    Cordon.put(client, node, uid, label);
    evictable.on(client, node).forEach(p -> meant.add(p.getMetadata().getUid()));
  }

  /**
   * Every 5 s each that has not been told to go is asked; what is refused to one keeps none of the
   * others. Meant is also who came since because the scheduler had not seen the cordon yet.
   *
   * @throws ClusterException as long as a pod is there whose eviction was last refused by somebody
   *     else than a budget, as by a right that is missing or a webhook
   */
  @Override
  public void proceed() {
    if (due()) {
      askAll();
    }
    if (!refused.isEmpty()) {
      throw new ClusterException(refused.values().iterator().next());
    }
  }

  private boolean due() {
    Long last = asked;
    return last == null || time.nanos() - last >= APART.toNanos();
  }

  private void askAll() {
    Node now = Cordon.found(client, node, uid);
    if (now == null) {
      return;
    }
    List<Pod> pods = evictable.on(client, node);
    asked = time.nanos();
    Set<String> there = new HashSet<>();
    for (Pod pod : pods) {
      if (Thread.currentThread().isInterrupted()) {
        return; // the run is to end: nobody else is told to go
      }
      String of = pod.getMetadata().getUid();
      if (Cordon.on(now) && !Evictable.toleratesCordon(pod)) {
        meant.add(of);
      }
      if (meant.contains(of) && !Pods.terminating(pod)) {
        there.add(of);
        ask(pod, of);
      }
    }
    refused.keySet().retainAll(there);
  }

  private void ask(Pod pod, String of) {
    refused.remove(of);
    try {
      evict(pod);
    } catch (KubernetesClientException e) {
      if (!SETTLED.contains(e.getCode()) && !String.valueOf(e.getMessage()).contains(SEVERAL)) {
        refused.put(of, Pods.object(pod) + ": " + ApiErrors.why(e));
      }
    }
  }

  /**
   * A budget that allows none answers 429, which the library tells as false: it may in a moment.
   */
  private void evict(Pod pod) {
    var options =
        new DeleteOptionsBuilder()
            .withNewPreconditions()
            .withUid(pod.getMetadata().getUid())
            .endPreconditions();
    Duration grace = kind.grace();
    if (grace != null) {
      options.withGracePeriodSeconds(grace.toSeconds());
    }
    Eviction eviction =
        new EvictionBuilder()
            .withNewMetadata()
            .withName(Pods.name(pod))
            .withNamespace(pod.getMetadata().getNamespace())
            .endMetadata()
            .withDeleteOptions(options.build())
            .build();
    once.pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(Pods.name(pod))
        .evict(eviction);
  }

  @Override
  public void undo() {
    lifted |= Cordon.lift(client, node, uid, label);
  }

  /**
   * The label is gone, and the cordon with it: who cordons the node after that wants it so. Where
   * somebody else took only the label, the cordon that is there may be the fault's.
   */
  @Override
  public boolean undone() {
    Node now = Cordon.found(client, node, uid);
    return now == null || (!Cordon.labelled(now, label) && (lifted || !Cordon.on(now)));
  }
}
