package dev.muster.cluster.object;

import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What pods and nodes say of themselves, in the few words that Muster needs. Other people's need
 * not say anything: what is not said is empty or false here.
 */
public final class Pods {
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";

  /** The label by which a node says in which zone it is. */
  public static final String ZONE = "topology.kubernetes.io/zone";

  private Pods() {}

  public static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  /** {@code pod/NAMESPACE/NAME}, for people. */
  public static String object(Pod pod) {
    return ref(pod).path();
  }

  public static ObjectRef.Pod ref(Pod pod) {
    var metadata = pod.getMetadata();
    return new ObjectRef.Pod(metadata.getNamespace(), metadata.getName(), metadata.getUid());
  }

  public static ObjectRef.Workload workload(String kind, HasMetadata object) {
    var metadata = object.getMetadata();
    return new ObjectRef.Workload(
        kind, metadata.getNamespace(), metadata.getName(), metadata.getUid());
  }

  public static ObjectRef.Workload workload(OwnerReference owner, String namespace) {
    return new ObjectRef.Workload(owner.getKind(), namespace, owner.getName(), owner.getUid());
  }

  public static ObjectRef.Node ref(Node node) {
    return new ObjectRef.Node(node.getMetadata().getName(), node.getMetadata().getUid());
  }

  public static boolean ready(Pod pod) {
    return pod.getStatus() != null
        && Amounts.orNone(pod.getStatus().getConditions()).stream()
            .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
  }

  public static boolean ready(Node node) {
    return condition(node, "Ready").equals("True");
  }

  public static boolean terminating(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /** Its containers have ended and will not be started again. */
  public static boolean finished(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Succeeded".equals(phase) || "Failed".equals(phase);
  }

  /** Neither leaving nor finished: something that can be lost. */
  public static boolean lives(Pod pod) {
    return !terminating(pod) && !finished(pod);
  }

  public static Map<String, String> labels(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  /** The hash of its template, as the ReplicaSet, StatefulSet or DaemonSet that made it says. */
  public static Optional<String> revision(Pod pod) {
    return Stream.of("pod-template-hash", "controller-revision-hash")
        .flatMap(label -> Stream.ofNullable(labels(pod).get(label)))
        .findFirst();
  }

  public static Map<String, String> annotations(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** Carries all these labels. */
  public static boolean matches(HasMetadata object, Map<String, String> selector) {
    return labels(object).entrySet().containsAll(selector.entrySet());
  }

  /** Who made it and would make it again. */
  public static Optional<OwnerReference> owner(Pod pod) {
    return owners(pod).stream()
        .filter(o -> Boolean.TRUE.equals(o.getController()))
        .findFirst()
        .or(() -> owners(pod).stream().findFirst());
  }

  public static List<OwnerReference> owners(HasMetadata object) {
    return Amounts.orNone(object.getMetadata().getOwnerReferences());
  }

  /** Belongs to its node, of a DaemonSet or a file of the kubelet: it moves nowhere. */
  public static boolean ofNode(Pod pod) {
    return owner(pod)
        .map(o -> o.getKind().equals("DaemonSet") || o.getKind().equals("Node"))
        .orElse(false);
  }

  public static boolean on(Pod pod, String node) {
    return node.equals(pod.getSpec().getNodeName());
  }

  /** On one of these; false while it waits for a node. */
  public static boolean on(Pod pod, Set<String> nodes) {
    return node(pod).filter(nodes::contains).isPresent();
  }

  /** Where it lives; empty while it waits for a node. */
  public static Optional<String> node(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getNodeName()).filter(n -> !n.isEmpty());
  }

  /** Its IP address; empty until its node has given it one. */
  public static Optional<String> address(Pod pod) {
    return Optional.ofNullable(pod.getStatus()).map(PodStatus::getPodIP).filter(a -> !a.isEmpty());
  }

  /** The first port that one of its containers names. */
  public static Optional<Integer> port(Pod pod) {
    return ports(pod).map(ContainerPort::getContainerPort).findFirst();
  }

  public static Stream<ContainerPort> ports(Pod pod) {
    return pod.getSpec().getContainers().stream()
        .flatMap(c -> Amounts.orNone(c.getPorts()).stream())
        .filter(p -> p.getContainerPort() != null);
  }

  /** What its kubelet says of its containers; empty until it has said something. */
  public static List<ContainerStatus> statuses(Pod pod) {
    return pod.getStatus() == null
        ? List.of()
        : Amounts.orNone(pod.getStatus().getContainerStatuses());
  }

  /** The container runs. */
  public static boolean started(Pod pod) {
    return !statuses(pod).isEmpty()
        && statuses(pod).stream()
            .allMatch(c -> c.getState() != null && c.getState().getRunning() != null);
  }

  /** Seconds until an unreachable node's pod is evicted; empty means never. */
  public static Optional<Long> tolerationSeconds(Pod pod) {
    for (Toleration t : Amounts.orNone(pod.getSpec().getTolerations())) {
      boolean key = t.getKey() == null || t.getKey().isEmpty() || t.getKey().equals(UNREACHABLE);
      boolean effect =
          t.getEffect() == null || t.getEffect().isEmpty() || t.getEffect().equals("NoExecute");
      if (key && effect) {
        return Optional.ofNullable(t.getTolerationSeconds());
      }
    }
    return Optional.of(0L);
  }

  /** None where it is virtual, or its kubelet has not come up yet. */
  public static List<NodeAddress> addresses(Node node) {
    return node.getStatus() == null ? List.of() : Amounts.orNone(node.getStatus().getAddresses());
  }

  /** Its first InternalIP, by which other nodes reach it. */
  public static Optional<String> address(Node node) {
    return addresses(node).stream()
        .filter(a -> "InternalIP".equals(a.getType()))
        .map(NodeAddress::getAddress)
        .findFirst();
  }

  /** The IPv4 ranges of its pods; none where it is virtual, or its network plugin has its own. */
  public static List<String> ranges(Node node) {
    List<String> all =
        node.getSpec() == null ? List.of() : Amounts.orNone(node.getSpec().getPodCIDRs());
    return all.stream().filter(range -> !range.contains(":")).toList();
  }

  public static List<Taint> taints(Node node) {
    return node.getSpec() == null ? List.of() : Amounts.orNone(node.getSpec().getTaints());
  }

  /** Its taints while the control plane does not hear of it; they go moments after it is Ready. */
  public static List<Taint> unreachable(Node node) {
    return taints(node).stream().filter(t -> UNREACHABLE.equals(t.getKey())).toList();
  }

  /** Empty where it does not say. */
  public static Optional<String> zone(Node node) {
    return Optional.ofNullable(labels(node).get(ZONE)).filter(zone -> !zone.isEmpty());
  }

  /** True, False, Unknown, or nothing where the node does not tell. */
  public static String condition(Node node, String type) {
    return node.getStatus() == null
        ? ""
        : Amounts.orNone(node.getStatus().getConditions()).stream()
            .filter(c -> type.equals(c.getType()))
            .map(c -> String.valueOf(c.getStatus()))
            .findFirst()
            .orElse("");
  }

  /** Of all containers together. */
  public static int restarts(Pod pod) {
    return statuses(pod).stream()
        .mapToInt(c -> c.getRestartCount() == null ? 0 : c.getRestartCount())
        .sum();
  }

  /** Why a container ended last, if one did since the pod had so many restarts. */
  public static Optional<String> ended(Pod pod, int before) {
    for (var status : statuses(pod)) {
      var now = status.getState() == null ? null : status.getState().getTerminated();
      var last = status.getLastState() == null ? null : status.getLastState().getTerminated();
      if (now != null) {
        return Optional.of(String.valueOf(now.getReason()));
      }
      if (last != null && restarts(pod) > before) {
        return Optional.of(String.valueOf(last.getReason()));
      }
    }
    return Optional.empty();
  }
}
