package dev.muster.observe.effect;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet says that a container of the pod ended by a signal, after the pod was looked at
 * first: one that had ended then, or that ends by itself, was killed by nobody.
 */
public record ContainerEnded(KubernetesClient probe, Pod pod) implements Effect {
  /** An exit code above it is a signal's, as a shell would tell it. */
  private static final int SIGNALS = 128;

  @Override
  public Optional<String> before() {
    return Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    Pod found = probe.pods().resource(pod).get();
    if (found == null) {
      return Optional.empty();
    }
    for (ContainerStatus status : Pods.statuses(found)) {
      int before = restarts(status.getName());
      boolean endedBefore =
          Pods.statuses(pod).stream()
              .anyMatch(s -> s.getName().equals(status.getName()) && ended(s.getState()) != null);
      var now = ended(status.getState());
      var ended = now != null ? now : ended(status.getLastState());
      boolean fresh = restarts(status) > before || (now != null && !endedBefore);
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
                        restarts(status),
                        before)));
      }
    }
    return Optional.empty();
  }

  private int restarts(String container) {
    return Pods.statuses(pod).stream()
        .filter(s -> s.getName().equals(container))
        .findFirst()
        .map(ContainerEnded::restarts)
        .orElse(0);
  }

  private static int restarts(ContainerStatus status) {
    return status.getRestartCount() == null ? 0 : status.getRestartCount();
  }

  private static @Nullable ContainerStateTerminated ended(@Nullable ContainerState state) {
    return state == null ? null : state.getTerminated();
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
