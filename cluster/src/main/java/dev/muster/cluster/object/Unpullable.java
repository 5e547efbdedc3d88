package dev.muster.cluster.object;

import dev.muster.cluster.connect.Pages;
import dev.muster.drill.time.Time;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pods that wait for an image by Muster's own name, which no registry has: where the node was not
 * given it, such a pod is never Ready. Not safe for use by several threads.
 */
public final class Unpullable {
  private static final String OURS = "muster.dev/";

  /** A kubelet that was given the image meanwhile finds it at its next try, 10 s or so later. */
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final Set<String> REASONS =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

  private final KubernetesClient client;
  private final String namespace;
  private final Time time;
  private Map<String, Long> since = Map.of();

  public Unpullable(KubernetesClient client, String namespace, Time time) {
    this.client = client;
    this.namespace = namespace;
    this.time = time;
  }

  /** Whether some pod was seen so at each look for 45 s; false where pods cannot be listed. */
  public boolean seen() {
    try {
      return seen(Pages.all(client.pods().inNamespace(namespace)));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  boolean seen(List<Pod> pods) {
    long now = time.nanos();
    Map<String, Long> still = new HashMap<>();
    pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null && lacksImage(pod))
        .map(pod -> Objects.requireNonNullElse(pod.getMetadata().getUid(), Pods.name(pod)))
        .forEach(pod -> still.put(pod, since.getOrDefault(pod, now)));
    since = still;
    return still.values().stream().anyMatch(began -> now - began >= PATIENCE.toNanos());
  }

  private static boolean lacksImage(Pod pod) {
    PodStatus status = pod.getStatus();
    return status != null
        && Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
            .flatMap(containers -> Amounts.orNone(containers).stream())
            .anyMatch(Unpullable::lacksImage);
  }

  private static boolean lacksImage(ContainerStatus container) {
    var state = container.getState();
    return container.getImage() != null
        && container.getImage().startsWith(OURS)
        && state != null
        && state.getWaiting() != null
        && REASONS.contains(Objects.requireNonNullElse(state.getWaiting().getReason(), ""));
  }
}
