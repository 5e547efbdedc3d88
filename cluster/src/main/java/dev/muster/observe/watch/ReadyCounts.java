package dev.muster.observe.watch;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.RolloutStatus;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.Drill;
import dev.muster.drill.field.DurationText;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The cluster's full strength before the fault, to know when it is back. */
public record ReadyCounts(Drill.Target target, long nodes, long pods) {
  private static final Duration SETTLE = Duration.ofSeconds(90);
  private static final int LOOK_MILLIS = 500;

  public static ReadyCounts now(KubernetesClient client, Drill.Target target) {
    return new ReadyCounts(target, readyNodes(client), readyPods(client, target));
  }

  /** Waits, at most 90 s, until the pods of a rollout that leave have left. */
  public static void settle(KubernetesClient client, String namespace) {
    settle(client, namespace, SETTLE);
  }

  static void settle(KubernetesClient client, String namespace, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      while (true) {
        String trouble = leaving(client, namespace);
        if (trouble.isEmpty()) {
          return;
        }
        if (System.nanoTime() > deadline) {
          throw new ClusterException(
              "%s %s after the rollout: kubectl get pods -n %s"
                  .formatted(trouble, DurationText.of(atMost), namespace));
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while the rollout was settling");
    }
  }

  /** Empty where no pod leaves. */
  private static String leaving(KubernetesClient client, String namespace) {
    try {
      return Pages.all(client.pods().inNamespace(namespace)).stream().anyMatch(Pods::terminating)
          ? "pods in namespace " + namespace + " are still leaving"
          : "";
    } catch (KubernetesClientException e) {
      return "whether pods in namespace "
          + namespace
          + " leave is not known ("
          + ApiErrors.why(e)
          + ")";
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

  /** Whether as many nodes as before are Ready and reachable; false also where it is not known. */
  public boolean nodesBack(KubernetesClient client) {
    try {
      return Pages.all(client.nodes()).stream()
              .filter(node -> Pods.ready(node) && Pods.unreachable(node).isEmpty())
              .count()
          >= nodes;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** A sentence for each target pod that is not ready before the drill has begun. */
  public static List<String> notReady(KubernetesClient client, Drill.Target target) {
    return Pages.all(client.pods().inNamespace(target.namespace())).stream()
        .filter(p -> Pods.matches(p, target.labelSelectors()) && Pods.lives(p) && !Pods.ready(p))
        .map(p -> "pod " + Pods.name(p) + " is not Ready already")
        .toList();
  }

  /**
   * How many workloads in these namespaces have no rollout under way; -1 where nobody could be
   * asked.
   */
  public static long settled(KubernetesClient client, Set<String> namespaces) {
    try {
      return Workloads.all(client).stream()
          .filter(w -> namespaces.contains(w.getMetadata().getNamespace()))
          .filter(w -> RolloutStatus.of(w).settled())
          .count();
    } catch (KubernetesClientException e) {
      return -1;
    }
  }

  private static long readyNodes(KubernetesClient client) {
    return Pages.all(client.nodes()).stream().filter(Pods::ready).count();
  }

  private boolean noneLeaves(KubernetesClient client) {
    return Pages.all(client.pods().inNamespace(target.namespace())).stream()
        .filter(p -> Pods.matches(p, target.labelSelectors()))
        .noneMatch(Pods::terminating);
  }

  private static long readyPods(KubernetesClient client, Drill.Target target) {
    return Pages.all(client.pods().inNamespace(target.namespace())).stream()
        .filter(
            p -> Pods.matches(p, target.labelSelectors()) && Pods.ready(p) && !Pods.terminating(p))
        .count();
  }
}
