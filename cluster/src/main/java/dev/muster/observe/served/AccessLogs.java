package dev.muster.observe.served;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.observer.AccessLog;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** New lines in the log of those pods that write it, read through the API server. */
public final class AccessLogs {
  /** Clocks of nodes may differ by this; what is read twice tells the same twice. */
  private static final Duration OVERLAP = Duration.ofSeconds(3);

  private final KubernetesClient client;
  private final AccessLog log;
  private final InstantSource clock;
  private final Map<String, Instant> read = new HashMap<>();
  private final Instant begin;
  private @Nullable String trouble = "it was never read";

  /**
   * @param client does not try again
   */
  public AccessLogs(KubernetesClient client, AccessLog log, InstantSource clock) {
    this.client = client;
    this.log = log;
    this.clock = clock;
    this.begin = clock.instant();
  }

  /** Why nothing was ever read; null where something was. */
  @Nullable String trouble() {
    return trouble;
  }

  /**
   * A log that cannot be read now, as on a node without power, is read from where it was when it
   * can be read again.
   *
   * @param lines takes the pod that wrote it, and a line
   */
  void look(BiConsumer<ObjectRef.Pod, String> lines) {
    List<Pod> pods =
        client.pods().inNamespace(log.namespace()).withLabels(log.labels()).list().getItems();
    if (pods.isEmpty() && trouble != null) {
      trouble = "no pod in namespace " + log.namespace() + " has the labels " + log.labels();
    }
    for (Pod pod : pods) {
      pod.getSpec().getContainers().stream()
          .map(Container::getName)
          .filter(c -> log.container() == null || c.equals(log.container()))
          .forEach(c -> look(Pods.ref(pod), c, lines));
    }
  }

  private void look(ObjectRef.Pod pod, String container, BiConsumer<ObjectRef.Pod, String> lines) {
    var key = pod.text() + " " + container;
    var now = clock.instant();
    try {
      var text =
          client
              .pods()
              .inNamespace(log.namespace())
              .withName(pod.name())
              .inContainer(container)
              .sinceTime(
                  read.getOrDefault(key, begin)
                      .minus(OVERLAP)
                      .truncatedTo(ChronoUnit.SECONDS)
                      .toString())
              .getLog();
      if (text != null) {
        text.lines().forEach(line -> lines.accept(pod, line));
      }
      read.put(key, now);
      trouble = null;
    } catch (KubernetesClientException e) {
      if (trouble != null) {
        trouble = "the log of " + pod.path() + ": " + e.getMessage();
      }
    }
  }
}
