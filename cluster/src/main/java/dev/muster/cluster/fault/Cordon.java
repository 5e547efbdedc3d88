package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.WorkloadMark;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A cordon that a fault put on a node: in one request with a label of the fault's own, so that
 * whoever finds the label knows whose the cordon is, and nobody lifts that of another. Each request
 * names the version of the node that it was decided by: what somebody changed meanwhile is looked
 * at anew.
 */
public final class Cordon {
  /**
   * A kubelet writes to its node every few seconds, and seldom twice in a row between two calls.
   */
  private static final int TRIES = 10;

  /** An API server's word for a patch whose test fails. */
  private static final int UNPROCESSABLE = 422;

  /** Of identities: what was done to the node. */
  private static final String BY = "cordon";

  private static final String LABEL_PATH =
      "/metadata/labels/" + WorkloadMark.LABEL.replace("/", "~1");

  private Cordon() {}

  /** Takes no new pods. */
  public static boolean on(Node node) {
    return node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
  }

  /** Of this fault. */
  public static boolean labelled(Node node, String label) {
    return label.equals(Pods.labels(node).get(WorkloadMark.LABEL));
  }

  /** The node with this UID; null where it is gone, or another one by its name. */
  static @Nullable Node found(KubernetesClient client, String name, String uid) {
    Node now = client.nodes().withName(name).get();
    return now != null && uid.equals(now.getMetadata().getUid()) ? now : null;
  }

  /**
   * @throws ClusterException if somebody else cordoned it, or it is not there any more
   */
  static void put(KubernetesClient client, String name, String uid, String label) {
    for (int tries = 1; ; tries++) {
      Node now = found(client, name, uid);
      if (now == null) {
        throw new ClusterException("node " + name + " is gone, or another one by its name");
      }
      if (labelled(now, label) && on(now)) {
        return; // an answer was lost, and not the request
      }
      if (on(now)) {
        throw new ClusterException("node " + name + " was cordoned by somebody else meanwhile");
      }
      if (patched(client, now, putting(now, label), tries)) {
        return;
      }
    }
  }

  private static List<Map<String, Object>> putting(Node now, String label) {
    List<Map<String, Object>> changes = new ArrayList<>();
    if (now.getMetadata().getLabels() == null) {
      changes.add(Map.of("op", "add", "path", "/metadata/labels", "value", Map.of()));
    }
    changes.add(Map.of("op", "add", "path", LABEL_PATH, "value", label));
    changes.add(Map.of("op", "add", "path", "/spec/unschedulable", "value", true));
    return changes;
  }

  /**
   * Lifts it, if it is of this fault and still there. One that a stranger lifted is not renewed.
   *
   * @return whether this call lifted it
   */
  static boolean lift(KubernetesClient client, String name, String uid, String label) {
    for (int tries = 1; ; tries++) {
      Node now = found(client, name, uid);
      if (now == null || !labelled(now, label)) {
        return false;
      }
      if (patched(client, now, lifting(now), tries)) {
        return true;
      }
    }
  }

  /** What the journal has of it. */
  static Map<String, String> identity(String name, String uid, String label) {
    return Map.of("by", BY, "node", name, "uid", uid, "label", WorkloadMark.LABEL + "=" + label);
  }

  /**
   * Of a run that was killed: why nobody knows whether its cordon is there, as where the label was
   * taken off and the node takes no pods. Empty where that is known, and for what is no cordon.
   *
   * @param identity as the journal has it
   */
  public static Optional<String> unknown(KubernetesClient client, Map<String, String> identity) {
    String name = identity.get("node");
    String uid = identity.get("uid");
    if (!BY.equals(identity.get("by")) || name == null || uid == null) {
      return Optional.empty();
    }
    Node now = found(client, name, uid);
    return now == null || !on(now) || Pods.labels(now).containsKey(WorkloadMark.LABEL)
        ? Optional.empty()
        : Optional.of(
            "node %s is cordoned and has no label %s: whether the fault or somebody else cordoned it is not known; if nobody wants it so, kubectl uncordon %s"
                .formatted(name, WorkloadMark.LABEL, name));
  }

  /**
   * Lifts that of whichever fault it is of.
   *
   * @param now with the label, as it was found
   * @throws KubernetesClientException if it was changed meanwhile, too
   */
  public static void lift(KubernetesClient client, Node now) {
    patch(client, now, lifting(now));
  }

  private static List<Map<String, Object>> lifting(Node now) {
    List<Map<String, Object>> changes = new ArrayList<>();
    changes.add(Map.of("op", "remove", "path", LABEL_PATH));
    if (on(now)) {
      changes.add(Map.of("op", "remove", "path", "/spec/unschedulable"));
    }
    return changes;
  }

  /** False where the node was changed meanwhile and may be looked at once more. */
  private static boolean patched(
      KubernetesClient client, Node now, List<Map<String, Object>> changes, int tries) {
    try {
      patch(client, now, changes);
      return true;
    } catch (KubernetesClientException e) {
      boolean changed =
          e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == UNPROCESSABLE;
      if (!changed || tries == TRIES) {
        throw e;
      }
      return false;
    }
  }

  private static void patch(KubernetesClient client, Node now, List<Map<String, Object>> changes) {
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(
        Map.of(
            "op",
            "test",
            "path",
            "/metadata/resourceVersion",
            "value",
            now.getMetadata().getResourceVersion()));
    all.addAll(changes);
    client
        .nodes()
        .withName(now.getMetadata().getName())
        .patch(PatchContext.of(PatchType.JSON), client.getKubernetesSerialization().asJson(all));
  }
}
