package dev.muster.observe;

import dev.muster.cluster.ClusterException;
import dev.muster.cluster.Pods;
import dev.muster.drill.Drill;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The cluster's full strength before the fault, to know when it is back. */
public record Whole(Drill.Target target, long nodes, long pods) {
  private static final int SETTLE_SECONDS = 90;

  public static Whole now(KubernetesClient client, Drill.Target target) {
    return new Whole(target, readyNodes(client), readyPods(client, target));
  }

  /** Waits, at most 90 s, until the pods of a rollout that leave have left. */
  public static void settle(KubernetesClient client, String namespace) {
    try {
      client
          .pods()
          .inNamespace(namespace)
          .informOnCondition(pods -> pods.stream().noneMatch(Pods::terminating))
          .get(SETTLE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new ClusterException(
          "pods in namespace "
              + namespace
              + " are still leaving "
              + SETTLE_SECONDS
              + " s after the rollout: kubectl get pods");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while the rollout was settling");
    }
  }

  /** Whether all is as strong as before; false also where it could not be asked. */
  public boolean again(KubernetesClient client) {
    try {
      return readyNodes(client) >= nodes && readyPods(client, target) >= pods && noneLeaves(client);
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** A sentence for each target pod that is not ready before the drill has begun. */
  public static List<String> notReady(KubernetesClient client, Drill.Target target) {
    return client.pods().inNamespace(target.namespace()).list().getItems().stream()
        .filter(p -> Pods.matches(p, target.labelSelectors()) && Pods.lives(p) && !Pods.ready(p))
        .map(p -> "pod " + Pods.name(p) + " is not Ready already")
        .toList();
  }

  private static long readyNodes(KubernetesClient client) {
    return client.nodes().list().getItems().stream().filter(Pods::ready).count();
  }

  private boolean noneLeaves(KubernetesClient client) {
    return client.pods().inNamespace(target.namespace()).list().getItems().stream()
        .filter(p -> Pods.matches(p, target.labelSelectors()))
        .noneMatch(Pods::terminating);
  }

  private static long readyPods(KubernetesClient client, Drill.Target target) {
    return client.pods().inNamespace(target.namespace()).list().getItems().stream()
        .filter(
            p -> Pods.matches(p, target.labelSelectors()) && Pods.ready(p) && !Pods.terminating(p))
        .count();
  }
}
