package dev.muster.cluster;

import dev.muster.drill.FaultKind;
import dev.muster.drill.FaultKind.Amount;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** What the agent of a fault is told: the drill's words, and what only the cluster knows. */
public record AgentArguments(KubernetesClient client, KubernetesClient probe) {
  private static final long MEBI = 1 << 20;
  private static final long SMALL_RESERVE = 16 * MEBI;

  /** Of so many pages one is needed to find the others (8 bytes each, of 4 KiB). */
  private static final long PAGE_TABLES = 512;

  /**
   * @param node the victim, or the victim's node
   * @param pod the victim where it is a pod
   * @throws ClusterException if the cluster does not know what the agent must be told
   */
  public DeedSpec of(FaultKind kind, String node, Optional<Pod> pod) {
    return switch (kind) {
      case FaultKind.NodeNetwork cut ->
          new DeedSpec.NodeNetwork(
              address(node), DeedSpec.Direction.valueOf(cut.direction().name()), peers(cut, node));
      case FaultKind.CpuStress cpu ->
          new DeedSpec.CpuStress(
              cpu.workers() > 0 ? cpu.workers() : cpus(node),
              cpu.load(),
              pod.map(p -> container(p, cpu.containers())).orElse(""));
      case FaultKind.MemoryStress memory ->
          new DeedSpec.MemoryStress(
              pod.isPresent()
                  ? memoryBytes(memory, pod.get(), node)
                  : memoryBytes(memory.amount(), node),
              pod.map(p -> container(p, memory.containers())).orElse(""));
      case FaultKind.DiskFill disk -> disk(disk.amount(), node);
      case FaultKind.ProcessKill kill ->
          new DeedSpec.ProcessKill(containers(pod.orElseThrow(), kill.containers()));
      case FaultKind.ProcessPause pause ->
          new DeedSpec.ProcessPause(containers(pod.orElseThrow(), pause.containers()));
      case FaultKind.DnsFailure _ -> new DeedSpec.DnsFailure(address(node));
      case FaultKind.NetworkDelay delay ->
          new DeedSpec.NetworkDelay(address(node), delay.latency(), delay.jitter());
      case FaultKind.NetworkLoss loss -> new DeedSpec.NetworkLoss(address(node), loss.percent());
      case FaultKind.KubeletStop _ -> new DeedSpec.KubeletStop();
      case FaultKind.NodeShutdown _,
          FaultKind.NetworkPolicy _,
          FaultKind.PodKill _,
          FaultKind.LlmFault _ ->
          throw new IllegalArgumentException(kind.word() + " needs no agent");
    };
  }

  /** Short enough for the name of a chain, and different for each fault of each run. */
  public static String id(String run, String fault) {
    CRC32 crc = new CRC32();
    crc.update((run + "/" + fault).getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private List<String> peers(FaultKind.NodeNetwork cut, String node) {
    return switch (cut.peers()) {
      case ALL -> List.of();
      case CIDRS -> cut.cidrs();
      case CONTROL_PLANE -> controlPlane();
      case NODES ->
          Pages.all(client.nodes()).stream()
              .filter(n -> !n.getMetadata().getName().equals(node))
              .flatMap(n -> {
                // a virtual node has neither: nothing comes from it
                List<String> ranges =
                    n.getSpec() == null ? List.of() : Amounts.orNone(n.getSpec().getPodCIDRs());
                return Stream.concat(ipv4(n).stream(), ranges.stream());
              })
              .filter(a -> !a.contains(":"))
              .toList();
    };
  }

  /** The addresses behind the {@code kubernetes} service: where the API servers are. */
  private List<String> controlPlane() {
    List<String> found =
        client
            .discovery()
            .v1()
            .endpointSlices()
            .inNamespace("default")
            .withLabel("kubernetes.io/service-name", "kubernetes")
            .list()
            .getItems()
            .stream()
            .flatMap(s -> s.getEndpoints().stream())
            .flatMap(e -> e.getAddresses().stream())
            .filter(a -> !a.contains(":"))
            .toList();
    if (found.isEmpty()) {
      throw new ClusterException("the service kubernetes names no address of an API server");
    }
    return found;
  }

  private String address(String node) {
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

  private static Optional<String> ipv4(Node node) {
    return Pods.addresses(node).stream()
        .filter(a -> "InternalIP".equals(a.getType()) && !a.getAddress().contains(":"))
        .map(NodeAddress::getAddress)
        .findFirst();
  }

  private int cpus(String node) {
    var status = found(node).getStatus();
    var cpu =
        status == null || status.getCapacity() == null ? null : status.getCapacity().get("cpu");
    return cpu == null ? 1 : Integer.parseInt(cpu.getAmount());
  }

  /**
   * Most of the kubelet's eviction threshold is left: that is pressure, and what the kernel needs
   * for page tables and the kubelet does not foresee must not make it an OOM kill.
   */
  private long memoryBytes(Amount amount, String node) {
    KubeletView kubelet = new KubeletView(probe, node);
    KubeletView.Usage usage =
        kubelet
            .usage()
            .orElseThrow(() -> new ClusterException("the kubelet of " + node + " tells no usage"));
    long total = usage.memoryFree() + usage.memoryUsed();
    Long bytes = amount.bytes();
    Integer percent = amount.percent();
    long wanted =
        bytes != null
            ? bytes
            : percent != null
                ? total / 100 * percent - usage.memoryUsed()
                : (usage.memoryFree() - leave(kubelet, "memory.available", total))
                    / PAGE_TABLES
                    * (PAGE_TABLES - 1);
    if (wanted < MEBI) {
      throw new ClusterException(
          "node %s has %d of %d MiB in use: nothing is left to take"
              .formatted(node, usage.memoryUsed() / MEBI, total / MEBI));
    }
    return wanted;
  }

  /** A share of the container's limit, or of the node's memory where it has none. */
  private long memoryBytes(FaultKind.MemoryStress stress, Pod pod, String node) {
    Integer percent = stress.amount().percent();
    if (percent == null) {
      return memoryBytes(stress.amount(), node);
    }
    String name =
        stress.containers().isEmpty()
            ? pod.getSpec().getContainers().getFirst().getName()
            : stress.containers().getFirst();
    return pod.getSpec().getContainers().stream()
        .filter(c -> c.getName().equals(name))
        .filter(c -> c.getResources() != null && c.getResources().getLimits() != null)
        .map(c -> c.getResources().getLimits().get("memory"))
        .filter(limit -> limit != null)
        .map(limit -> Quantity.getAmountInBytes(limit).longValue() / 100 * percent)
        .findFirst()
        .orElseGet(() -> memoryBytes(stress.amount(), node));
  }

  private DeedSpec disk(Amount amount, String node) {
    Long bytes = amount.bytes();
    Integer percent = amount.percent();
    if (bytes != null) {
      return new DeedSpec.DiskFill(bytes, 0, 0);
    }
    if (percent != null) {
      return new DeedSpec.DiskFill(0, percent, 0);
    }
    KubeletView kubelet = new KubeletView(probe, node);
    long size = kubelet.usage().map(KubeletView.Usage::diskSize).orElse(0L);
    return new DeedSpec.DiskFill(0, 0, leave(kubelet, "nodefs.available", size));
  }

  private static long leave(KubeletView kubelet, String signal, long total) {
    String threshold =
        kubelet
            .threshold(signal)
            .orElseThrow(() ->
                new ClusterException(
                    "the kubelet of "
                        + kubelet.node()
                        + " has no hard eviction threshold for "
                        + signal
                        + ": it would never report pressure; give a size instead"));
    long bytes =
        threshold.endsWith("%")
            ? (long) (total * Double.parseDouble(threshold.replace("%", "")) / 100)
            : Quantity.getAmountInBytes(Quantity.parse(threshold)).longValue();
    return Math.max(SMALL_RESERVE, bytes * 7 / 10);
  }

  /** Stress is in one cgroup. */
  private static String container(Pod pod, List<String> containers) {
    if (containers.size() > 1) {
      throw new ClusterException(
          "stress takes one container of a pod, not " + containers + ": make a fault for each");
    }
    return containers(pod, containers).getFirst();
  }

  /** Ids of the named containers, of the first where none is named. */
  private static List<String> containers(Pod pod, List<String> names) {
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
    if (id == null) {
      throw new ClusterException(
          "container " + container + " of pod " + Pods.name(pod) + " does not run");
    }
    return id.replaceAll("^.*://", "");
  }
}
