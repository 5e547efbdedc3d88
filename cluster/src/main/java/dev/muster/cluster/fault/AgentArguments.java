package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.kind.FaultKind;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What the agent of a fault is told: the drill's words, and what only the cluster knows. */
public record AgentArguments(KubernetesClient client, KubernetesClient probe) {
  /** In a run: one a second for nearly three hours. */
  private static final int MOST_FAULTS = 10_000;

  /**
   * @param node the victim, or the victim's node
   * @param pod the victim where it is a pod
   * @throws ClusterException if the cluster does not know what the agent must be told
   */
  public DeedSpec of(FaultKind kind, String node, Optional<Pod> pod) {
    if (!(KindsOnCluster.of(kind) instanceof OnCluster.ByAgent<FaultKind> by)) {
      throw new IllegalArgumentException(kind.word() + " needs no agent");
    }
    return by.deed(kind, this, node, pod);
  }

  /** Short enough for the name of a chain, and different for each fault of each run. */
  public static String id(String run, String fault) {
    CRC32 crc = new CRC32();
    crc.update((run + "/" + fault).getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  /** A fault's own id in its run. */
  public static String fault(int number) {
    return "fault-" + number;
  }

  /**
   * Whether an {@link #id} is that of a fault of this run. Of another run's it is not said but by
   * chance: with as many faults as there may be, 1 in 400,000.
   */
  public static boolean ofRun(String run, String id) {
    return IntStream.rangeClosed(1, MOST_FAULTS).anyMatch(n -> id(run, fault(n)).equals(id));
  }

  /** By which its packets are known. */
  public String address(String node) {
    return ipv4(found(node))
        .orElseThrow(() -> new ClusterException("node " + node + " has no IPv4 InternalIP"));
  }

  private Node found(String node) {
    Node found = client.nodes().withName(node).get();
    if (found == null) {
      throw new ClusterException("node " + node + " is gone");
    }
    return found;
  }

  public static Optional<String> ipv4(Node node) {
    return Pods.addresses(node).stream()
        .filter(a -> "InternalIP".equals(a.getType()) && !a.getAddress().contains(":"))
        .map(NodeAddress::getAddress)
        .findFirst();
  }

  public int cpus(String node) {
    var status = found(node).getStatus();
    var cpu =
        status == null || status.getCapacity() == null ? null : status.getCapacity().get("cpu");
    return cpu == null ? 1 : Integer.parseInt(cpu.getAmount());
  }

  /** Stress is in one cgroup. */
  public static String container(Pod pod, List<String> names) {
    if (names.size() > 1) {
      throw new ClusterException(
          "stress takes one container of a pod, not " + names + ": make a fault for each");
    }
    return containers(pod, names).getFirst();
  }

  /** Ids of the named containers, of the first where none is named. */
  public static List<String> containers(Pod pod, List<String> names) {
    List<String> wanted =
        names.isEmpty() ? List.of(pod.getSpec().getContainers().getFirst().getName()) : names;
    return wanted.stream().map(name -> id(pod, name)).toList();
  }

  private static String id(Pod pod, String container) {
    @Nullable String id =
        Pods.statuses(pod).stream()
            .filter(s -> s.getName().equals(container))
            .findFirst()
            .orElseThrow(() ->
                new ClusterException(
                    "pod %s has no container %s; it has %s"
                        .formatted(
                            Pods.name(pod),
                            container,
                            pod.getSpec().getContainers().stream().map(c -> c.getName()).toList())))
            .getContainerID();
    String bare = id == null ? "" : id.replaceAll("^.*://", "");
    if (bare.isBlank()) {
      throw new ClusterException(
          "container " + container + " of pod " + Pods.name(pod) + " does not run");
    }
    return bare;
  }
}
