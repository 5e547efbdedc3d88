package dev.muster.observe;

import dev.muster.cluster.Pods;
import dev.muster.drill.Effect;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/**
 * The kubelet says that a container of the pod ended by a signal, after the pod was looked at
 * first: one that had ended then, or that ends by itself, was killed by nobody.
 */
record ContainerEnded(KubernetesClient probe, Pod pod) implements Effect {
  /** An exit code above it is a signal's, as a shell would tell it. */
  private static final int SIGNALS = 128;

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
      boolean endedBefore =
          pod.getStatus().getContainerStatuses().stream()
              .anyMatch(s ->
                  s.getName().equals(status.getName()) && s.getState().getTerminated() != null);
      var ended =
          status.getState().getTerminated() != null
              ? status.getState().getTerminated()
              : status.getLastState().getTerminated();
      boolean fresh =
          status.getRestartCount() > before
              || (status.getState().getTerminated() != null && !endedBefore);
      if (fresh && ended != null && ended.getExitCode() > SIGNALS) {
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
  public boolean lasts() {
    return false;
  }

  @Override
  public Look again() {
    return new Untold("nothing of it lasts");
  }

  @Override
  public String unseen() {
    return "no container of pod " + Pods.name(pod) + " ended by a signal, says its kubelet";
  }
}
