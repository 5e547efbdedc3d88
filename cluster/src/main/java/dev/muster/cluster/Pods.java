package dev.muster.cluster;

import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Map;
import java.util.Optional;

/** What pods and nodes say of themselves, in the few words that Muster needs. */
public final class Pods {
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";

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
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  public static boolean ready(Node node) {
    return node.getStatus().getConditions().stream()
        .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
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

  /** Carries all these labels. */
  public static boolean matches(HasMetadata object, Map<String, String> selector) {
    return labels(object).entrySet().containsAll(selector.entrySet());
  }

  /** Who made it and would make it again. */
  public static Optional<OwnerReference> owner(Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .filter(o -> Boolean.TRUE.equals(o.getController()))
        .findFirst()
        .or(() -> pod.getMetadata().getOwnerReferences().stream().findFirst());
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

  /** The container runs. */
  public static boolean started(Pod pod) {
    return pod.getStatus() != null
        && !pod.getStatus().getContainerStatuses().isEmpty()
        && pod.getStatus().getContainerStatuses().stream()
            .allMatch(c -> c.getState().getRunning() != null);
  }

  /** Seconds until an unreachable node's pod is evicted; empty means never. */
  public static Optional<Long> tolerationSeconds(Pod pod) {
    for (Toleration t : pod.getSpec().getTolerations()) {
      boolean key = t.getKey() == null || t.getKey().isEmpty() || t.getKey().equals(UNREACHABLE);
      boolean effect =
          t.getEffect() == null || t.getEffect().isEmpty() || t.getEffect().equals("NoExecute");
      if (key && effect) {
        return Optional.ofNullable(t.getTolerationSeconds());
      }
    }
    return Optional.of(0L);
  }

  /** True, False, Unknown, or nothing where the node does not tell. */
  public static String condition(Node node, String type) {
    return node.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .map(c -> String.valueOf(c.getStatus()))
        .findFirst()
        .orElse("");
  }

  /** Of all containers together. */
  public static int restarts(Pod pod) {
    return pod.getStatus() == null
        ? 0
        : pod.getStatus().getContainerStatuses().stream()
            .mapToInt(c -> c.getRestartCount() == null ? 0 : c.getRestartCount())
            .sum();
  }

  /** Why a container ended last, if one did since the pod had so many restarts. */
  public static Optional<String> ended(Pod pod, int before) {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    for (var status : pod.getStatus().getContainerStatuses()) {
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
