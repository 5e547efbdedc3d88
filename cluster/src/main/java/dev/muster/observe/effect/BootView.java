package dev.muster.observe.effect;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node has booted anew when its kernel says so by another boot id, or when its kubelet started
 * the containers of every pod that it had again.
 */
public final class BootView implements Effect {
  private final KubernetesClient probe;
  private final String node;
  private final Map<String, Integer> restarts = new HashMap<>();
  private String boot = "";

  public BootView(KubernetesClient probe, String node) {
    this.probe = probe;
    this.node = node;
  }

  @Override
  public Optional<String> before() {
    boot = bootId();
    for (Pod pod : pods()) {
      if (!Pods.lives(pod)) {
        continue; // what has ended, as one that was evicted, is not started again
      }
      restarts.put(pod.getMetadata().getUid(), Pods.restarts(pod));
    }
    return restarts.isEmpty()
        ? Optional.of("no pod runs on " + node + " by which a reboot could be told")
        : Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    String now = bootId();
    if (!now.isEmpty() && !now.equals(boot)) {
      return Optional.of(Map.of("boot id", now + ", before " + boot));
    }
    int there = 0;
    int again = 0;
    for (Pod pod : pods()) {
      Integer before = restarts.get(pod.getMetadata().getUid());
      if (before != null) {
        there++;
        again += Pods.restarts(pod) > before ? 1 : 0;
      }
    }
    return again > 0 && again == there
        ? Optional.of(Map.of("kubelet", "started all " + again + " pods of " + node + " again"))
        : Optional.empty();
  }

  @Override
  public boolean lasts() {
    return false;
  }

  @Override
  public Look again() {
    return new Untold("nothing of it lasts");
  }

  @Override
  public String unseen() {
    return "the boot id of " + node + " is the same and not all of its pods were started again";
  }

  private String bootId() {
    try {
      return Optional.ofNullable(probe.nodes().withName(node).get())
          .map(Node::getStatus)
          .map(NodeStatus::getNodeInfo)
          .map(NodeSystemInfo::getBootID)
          .orElse("");
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return "";
    }
  }

  private List<Pod> pods() {
    try {
      return probe.pods().inAnyNamespace().withField("spec.nodeName", node).list().getItems();
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return List.of();
    }
  }
}
