package dev.muster.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Optional;

/** What pods and nodes say of themselves, in the few words that Muster needs. */
public final class Pods {
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";

  private Pods() {}

  public static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  /** {@code pod/NAMESPACE/NAME}, as milestones name it. */
  public static String object(Pod pod) {
    return "pod/" + pod.getMetadata().getNamespace() + "/" + name(pod);
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
