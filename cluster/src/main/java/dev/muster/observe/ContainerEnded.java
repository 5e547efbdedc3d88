package dev.muster.observe;

import dev.muster.cluster.Pods;
import dev.muster.drill.Effect;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/** The kubelet says that a container of the pod ended by a signal, after it was looked at first. */
record ContainerEnded(KubernetesClient probe, Pod pod) implements Effect {

  @Override
  public Optional<String> before() {
    return Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    Pod now = probe.pods().resource(pod).get();
    if (now == null) {
      return Optional.empty();
    }
    for (ContainerStatus status : now.getStatus().getContainerStatuses()) {
      int before = restarts(status.getName());
      var ended =
          status.getState().getTerminated() != null
              ? status.getState().getTerminated()
              : status.getLastState().getTerminated();
      boolean fresh =
          status.getRestartCount() > before || status.getState().getTerminated() != null;
      if (fresh && ended != null) {
        return Optional.of(
            Map.of(
                "container",
                "%s of %s ended with exit code %d at %s; restarts %d, before %d"
                    .formatted(
                        status.getName(),
                        Pods.object(pod),
                        ended.getExitCode(),
                        ended.getFinishedAt(),
                        status.getRestartCount(),
                        before)));
      }
    }
    return Optional.empty();
  }

  private int restarts(String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(s -> s.getName().equals(container))
        .findFirst()
        .map(ContainerStatus::getRestartCount)
        .orElse(0);
  }

  @Override
  public String unseen() {
    return "no container of pod " + Pods.name(pod) + " ended, says its kubelet";
  }
}
