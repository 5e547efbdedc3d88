package dev.muster.observe.effect;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A pod that answered HTTP and does not several times in a row, while the API server through which
 * it is asked does answer; or that the kubelet no longer calls ready.
 */
public final class PodUnanswering implements Effect {
  private static final int NEEDED = 3;

  private final KubernetesClient probe;
  private final Pod pod;
  private boolean answered;
  private int silent;

  public PodUnanswering(KubernetesClient probe, Pod pod) {
    this.probe = probe;
    this.pod = pod;
  }

  @Override
  public Optional<String> before() {
    answered = answers(probe, pod);
    return answered || Pods.ready(pod)
        ? Optional.empty()
        : Optional.of("pod " + Pods.name(pod) + " neither answers nor is ready already");
  }

  @Override
  public Optional<Map<String, String>> seen() {
    silent = !answered || answers(probe, pod) || !apiServerAnswers() ? 0 : silent + 1;
    if (silent >= NEEDED) {
      return Optional.of(
          Map.of("http", Pods.object(pod) + " did not answer " + silent + " times in a row"));
    }
    Pod now = probe.pods().resource(pod).get();
    return now != null && Pods.ready(pod) && !Pods.ready(now)
        ? Optional.of(Map.of("ready", Pods.object(pod) + " is not ready any more"))
        : Optional.empty();
  }

  /**
   * A container that its kubelet started anew answers, and is the service's own way out: nobody
   * took the fault away.
   */
  @Override
  public Look again() {
    Pod now = probe.pods().resource(pod).get();
    if (now == null || !now.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
      return new Untold("pod " + Pods.name(pod) + " is gone");
    }
    if (Pods.restarts(now) > Pods.restarts(pod)) {
      return new Spent(Map.of("kubelet", "started a container of " + Pods.object(pod) + " anew"));
    }
    if (answered) {
      return answers(probe, pod)
          ? new Over(Map.of("http", Pods.object(pod) + " answers"))
          : apiServerAnswers()
              ? new Lasts(Map.of("http", Pods.object(pod) + " does not answer"))
              : new Untold("the API server does not answer");
    }
    return Pods.ready(now)
        ? new Over(Map.of("ready", Pods.object(pod) + " is ready"))
        : new Lasts(Map.of("ready", Pods.object(pod) + " is not ready"));
  }

  @Override
  public Duration patience() {
    return Duration.ofSeconds(3);
  }

  private boolean apiServerAnswers() {
    try {
      return probe.raw("/livez") != null;
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return false;
    }
  }

  @Override
  public String unseen() {
    return "pod " + Pods.name(pod) + " still answers and is ready";
  }

  /** Any status is an answer; silence, and a connection that fails, is none. */
  static boolean answers(KubernetesClient probe, Pod pod) {
    Optional<Integer> port = Pods.port(pod);
    if (port.isEmpty()) {
      return false;
    }
    try {
      probe.raw(
          "/api/v1/namespaces/%s/pods/%s:%d/proxy/"
              .formatted(pod.getMetadata().getNamespace(), Pods.name(pod), port.get()));
      return true;
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      // the API server itself says 502, 503 or 504 of a pod that does not answer
      return e.getCode() >= 400 && e.getCode() < 500;
    }
  }
}
