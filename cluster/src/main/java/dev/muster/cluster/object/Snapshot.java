package dev.muster.cluster.object;

import dev.muster.cluster.connect.Pages;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as it was at one moment; whatever is decided of a drill is a function of the drill
 * and this.
 *
 * @param nodes by name
 * @param pods of all namespaces, by namespace and name
 * @param namespaces their labels by name
 * @param workloads by the uid that their pods name as owner
 */
public record Snapshot(
    List<Node> nodes,
    List<Pod> pods,
    Map<String, Map<String, String>> namespaces,
    List<PodDisruptionBudget> budgets,
    Map<String, Workload> workloads) {

  /**
   * What pods are replicas of, as people know it: the Deployment, not its ReplicaSet.
   *
   * @param replicas that are wanted
   */
  public record Workload(String kind, String namespace, String name, int replicas) {
    @Override
    public String toString() {
      return kind + "/" + name;
    }
  }

  public Snapshot {
    nodes = nodes.stream().sorted(Comparator.comparing(n -> n.getMetadata().getName())).toList();
    pods = pods.stream().sorted(Comparator.comparing(Pods::object)).toList();
  }

  /** Asks for everything: seven lists, in pages. */
  public static Snapshot read(KubernetesClient client) {
    return new Snapshot(
        Pages.all(client.nodes()),
        Pages.all(client.pods().inAnyNamespace()),
        Pages.all(client.namespaces()).stream()
            .collect(Collectors.toMap(n -> n.getMetadata().getName(), Pods::labels)),
        Pages.all(client.policy().v1().podDisruptionBudget().inAnyNamespace()),
        workloads(client));
  }

  /** The same with the nodes and pods of now: two lists, cheap enough for a run. */
  public Snapshot again(KubernetesClient client) {
    return new Snapshot(
        Pages.all(client.nodes()),
        Pages.all(client.pods().inAnyNamespace()),
        namespaces,
        budgets,
        workloads);
  }

  private static Map<String, Workload> workloads(KubernetesClient client) {
    Map<String, Workload> workloads = new HashMap<>();
    Pages.all(client.apps().statefulSets().inAnyNamespace())
        .forEach(s -> put(workloads, s, "StatefulSet", s.getSpec().getReplicas()));
    Pages.all(client.apps().deployments().inAnyNamespace())
        .forEach(d -> put(workloads, d, "Deployment", d.getSpec().getReplicas()));
    Pages.all(client.apps().replicaSets().inAnyNamespace())
        .forEach(r -> {
          Workload above =
              Pods.owners(r).stream()
                  .map(OwnerReference::getUid)
                  .map(workloads::get)
                  .filter(Objects::nonNull)
                  .findFirst()
                  .orElse(null);
          if (above == null) {
            put(workloads, r, "ReplicaSet", r.getSpec().getReplicas());
          } else {
            workloads.put(r.getMetadata().getUid(), above);
          }
        });
    return Map.copyOf(workloads);
  }

  private static void put(
      Map<String, Workload> workloads,
      HasMetadata object,
      String kind,
      @Nullable Integer replicas) {
    var metadata = object.getMetadata();
    workloads.put(
        metadata.getUid(),
        new Workload(
            kind, metadata.getNamespace(), metadata.getName(), replicas == null ? 1 : replicas));
  }

  public Optional<Node> node(String name) {
    return nodes.stream().filter(n -> n.getMetadata().getName().equals(name)).findFirst();
  }

  /** Pods that live, on whatever node or on none yet. */
  public List<Pod> living() {
    return pods.stream().filter(Pods::lives).toList();
  }

  /** Pods that live on this node. */
  public List<Pod> livingOn(String node) {
    return pods.stream().filter(p -> Pods.lives(p) && Pods.on(p, node)).toList();
  }

  /** What the pod is a replica of; empty for a pod that nobody would make again. */
  public Optional<Workload> workload(Pod pod) {
    return Pods.owner(pod)
        .map(owner -> {
          Workload known = workloads.get(owner.getUid());
          return known != null ? known : byPods(pod, owner);
        });
  }

  /** A Job's, a DaemonSet's or a stranger's: as many as there are. */
  private Workload byPods(Pod pod, OwnerReference owner) {
    long there =
        living().stream()
            .filter(p -> Pods.owner(p).filter(o -> o.getUid().equals(owner.getUid())).isPresent())
            .count();
    return new Workload(
        owner.getKind(), pod.getMetadata().getNamespace(), owner.getName(), Math.toIntExact(there));
  }
}
