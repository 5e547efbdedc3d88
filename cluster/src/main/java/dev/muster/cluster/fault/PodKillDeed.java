package dev.muster.cluster.fault;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.ApiDeed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;

/** Deletes a pod; its owner makes another, so there is nothing to undo. */
public record PodKillDeed(KubernetesClient client, Pod pod, Duration grace) implements ApiDeed {

  @Override
  public Map<String, String> identity() {
    return Map.of("by", "nobody: its owner makes another", "pod", Pods.object(pod));
  }

  @Override
  public void apply() {
    client.pods().resource(pod).withGracePeriod(grace.toSeconds()).delete();
  }

  @Override
  public void undo() {
    // nothing
  }

  @Override
  public boolean undone() {
    return true;
  }
}
