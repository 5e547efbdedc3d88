package dev.muster.observe.effect;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/** The pod has a deletion time, or the cluster knows it no more. */
public record PodGone(KubernetesClient probe, Pod pod) implements Effect {

  @Override
  public Optional<String> before() {
    return Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    Pod now = probe.pods().resource(pod).get();
    boolean gone =
        now == null
            || Pods.terminating(now)
            || !now.getMetadata().getUid().equals(pod.getMetadata().getUid());
    return gone
        ? Optional.of(Map.of("pod", Pods.object(pod) + (now == null ? " is gone" : " leaves")))
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
    return "pod " + Pods.name(pod) + " is still there";
  }
}
