package dev.muster.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.stream.Stream;

/** Pods that are not Ready, and why, in the words of the scheduler or the kubelet. */
public final class Unready {
  private static final int MOST = 10;

  private Unready() {}

  /** A line for each, at most ten; none where the pods cannot be listed. */
  public static List<String> pods(KubernetesClient client, String namespace) {
    try {
      return Pages.all(client.pods().inNamespace(namespace)).stream()
          .filter(pod -> !Pods.ready(pod) && !ended(pod))
          .map(pod -> line(pod).strip())
          .limit(MOST)
          .toList();
    } catch (KubernetesClientException e) {
      return List.of(); // what failed before is told all the same
    }
  }

  private static String line(Pod pod) {
    PodStatus status = pod.getStatus();
    String phase = status == null || status.getPhase() == null ? "Pending" : status.getPhase();
    return "%s: %s %s"
        .formatted(pod.getMetadata().getName(), phase, status == null ? "" : why(status));
  }

  private static boolean ended(Pod pod) {
    return pod.getStatus() != null && "Succeeded".equals(pod.getStatus().getPhase());
  }

  /** Empty where neither says anything. */
  static String why(PodStatus status) {
    Stream<String> scheduler =
        Amounts.orNone(status.getConditions()).stream()
            .filter(c -> "PodScheduled".equals(c.getType()) && "False".equals(c.getStatus()))
            .map(c -> c.getReason() + ", " + c.getMessage());
    Stream<String> kubelet =
        Stream.of(status.getInitContainerStatuses(), status.getContainerStatuses())
            .flatMap(containers -> Amounts.orNone(containers).stream())
            .map(ContainerStatus::getState)
            .filter(s -> s != null && s.getWaiting() != null)
            .map(s ->
                s.getWaiting().getReason()
                    + (s.getWaiting().getMessage() == null
                        ? ""
                        : ", " + s.getWaiting().getMessage()));
    return Stream.concat(scheduler, kubelet).findFirst().orElse("");
  }
}
