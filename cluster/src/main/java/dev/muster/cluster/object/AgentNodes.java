package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.Node;
import java.util.Map;
import java.util.Optional;

/** On which nodes an agent can run. What it cannot run on, no fault was ever carried to. */
public final class AgentNodes {
  private static final String OS = "kubernetes.io/os";

  /** What those who put nodes into a cluster that are none say of them. */
  private static final Map<String, String> VIRTUAL =
      Map.of(
          "type", "virtual-kubelet",
          "eks.amazonaws.com/compute-type", "fargate",
          "kwok.x-k8s.io/node", "fake");

  private AgentNodes() {}

  /** Why no agent ever runs there, in a few words; empty where nothing speaks against it. */
  public static Optional<String> never(Node node) {
    Map<String, String> labels = Pods.labels(node);
    String os = labels.getOrDefault(OS, "linux");
    if (!os.equals("linux")) {
      return Optional.of("runs " + os);
    }
    boolean virtual =
        VIRTUAL.entrySet().stream().anyMatch(e -> e.getValue().equals(labels.get(e.getKey())))
            || Pods.taints(node).stream()
                .anyMatch(t -> String.valueOf(t.getKey()).startsWith("virtual-kubelet.io/"));
    return virtual ? Optional.of("is virtual") : Optional.empty();
  }

  /** The same, and why none runs there now. */
  public static Optional<String> not(Node node) {
    return never(node).or(() -> Pods.ready(node) ? Optional.empty() : Optional.of("is not Ready"));
  }
}
