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
import java.util.Map;
import java.util.Set;

/**
 * Cordons a node and asks the Eviction API to take each pod that was on it then and is meant, again
 * and again where a budget refuses for the moment. The undo lifts the cordon; pods are not moved
 * back. Used by one thread at a time.
 */
public final class DrainDeed implements ApiDeed {
  /** As {@code kubectl drain} does. */
  private static final Duration APART = Duration.ofSeconds(5);

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
  private final Map<String, Long> asked = new HashMap<>();

  /** What was answered, by the pod's UID, where it was neither an eviction nor a budget's no. */
  private final Map<String, String> refused = new HashMap<>();

  /**
   * @param once does not try again by itself: a budget that refuses is asked every 5 s, not at once
   * @param uid of the node that was chosen; another one by its name is left alone
   * @param label of the fault, by {@link PolicyDeed#label}
   */
  public DrainDeed(
      KubernetesClient client,
      KubernetesClient once,
      NodeDrain kind,
      String node,
      String uid,
      String label,
      Time time) {
    this.client = client;
    this.once = once;
    this.kind = kind;
    this.evictable = new Evictable(kind.pods());
    this.node = node;
    this.uid = uid;
    this.label = label;
    this.time = time;
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("by", "cordon", "node", node, "uid", uid, "label", Cordon.LABEL + "=" + label);
  }

  @Override
  public Duration patience() {
    return kind.timeout();
  }

  /** Who comes later is not meant: it tolerates the cordon, or was put there by name. */
  @Override
  public void apply() {
    Cordon.put(client, node, uid, label);
    evictable.on(client, node).forEach(p -> meant.add(p.getMetadata().getUid()));
  }

  /**
   * Each that has not been told to go is asked; what is refused to one keeps none of the others.
   *
   * @throws ClusterException as long as a pod is there whose eviction was last refused by somebody
   *     else than a budget, as by a right that is missing or a webhook
   */
  @Override
  public void proceed() {
    Set<String> there = new HashSet<>();
    for (Pod pod : evictable.on(client, node)) {
      String of = pod.getMetadata().getUid();
      if (meant.contains(of) && !Pods.terminating(pod)) {
        there.add(of);
        if (due(of)) {
          ask(pod, of);
        }
      }
    }
    refused.keySet().retainAll(there);
    if (!refused.isEmpty()) {
      throw new ClusterException(refused.values().iterator().next());
    }
  }

  private void ask(Pod pod, String of) {
    asked.put(of, time.nanos());
    refused.remove(of);
    try {
      evict(pod);
    } catch (KubernetesClientException e) {
      if (!SETTLED.contains(e.getCode()) && !String.valueOf(e.getMessage()).contains(SEVERAL)) {
        refused.put(of, Pods.object(pod) + ": " + ApiErrors.why(e));
      }
    }
  }

  private boolean due(String pod) {
    Long last = asked.get(pod);
    return last == null || time.nanos() - last >= APART.toNanos();
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
    Cordon.lift(client, node, uid, label);
  }

  @Override
  public boolean undone() {
    Node now = Cordon.found(client, node, uid);
    return now == null || (!Cordon.labelled(now, label) && !Cordon.on(now));
  }
}
