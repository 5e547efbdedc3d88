package dev.muster.cluster.object;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.Pages;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pods that are not Ready, and why, in the words of the scheduler or the kubelet. */
public final class Unready {
  private static final int MOST = 10;
  private static final int EVENTS = 3;

  private Unready() {}

  /** A line for each, at most ten; none where the pods cannot be listed. */
  public static List<String> pods(KubernetesClient client, String namespace) {
    try {
      return Pages.all(client.pods().inNamespace(namespace)).stream()
          .filter(pod -> !Pods.ready(pod) && !ended(pod))
          .map(pod -> Pods.name(pod) + ": " + state(pod))
          .limit(MOST)
          .toList();
    } catch (KubernetesClientException e) {
      return List.of(); // what failed before is told all the same
    }
  }

  /** Its phase, and why it waits. */
  public static String state(Pod pod) {
    PodStatus status = pod.getStatus();
    String phase = status == null || status.getPhase() == null ? "Pending" : status.getPhase();
    return (phase + " " + (status == null ? "" : why(status))).strip();
  }

  /** The last three that were told of a pod, the newest last; empty for none. */
  public static String events(KubernetesClient client, String namespace, String uid) {
    try {
      List<Event> all =
          Pages.all(
                  client.v1().events().inNamespace(namespace).withField("involvedObject.uid", uid))
              .stream()
              .sorted(Comparator.comparing(Unready::last))
              .toList();
      return all.subList(Math.max(0, all.size() - EVENTS), all.size()).stream()
          .map(e -> e.getReason() + ", " + e.getMessage() + times(e))
          .collect(Collectors.joining("; "));
    } catch (KubernetesClientException e) {
      return "they can not be read: " + ApiErrors.why(e);
    }
  }

  /** When it was told last; one that is told again and again is a series, or counted. */
  private static String last(Event event) {
    MicroTime micro =
        event.getSeries() == null ? event.getEventTime() : event.getSeries().getLastObservedTime();
    return micro == null ? String.valueOf(event.getLastTimestamp()) : micro.getTime();
  }

  private static String times(Event event) {
    Integer count = event.getSeries() == null ? event.getCount() : event.getSeries().getCount();
    return count == null || count < 2 ? "" : " (" + count + " times)";
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
