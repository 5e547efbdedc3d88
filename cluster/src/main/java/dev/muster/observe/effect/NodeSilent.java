package dev.muster.observe.effect;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The node's lease is not renewed for longer than its interval and the kubelet does not answer the
 * API server. Where only the kubelet is meant to be stopped, a pod of the node must answer.
 *
 * <p>A lease that was renewed after {@link #seen} first read it is what {@link #again} compares
 * with.
 */
public final class NodeSilent implements Effect {
  /** kubelet renews every 10 s with 4 % jitter (nodeLeaseRenewIntervalFraction 0.25 of 40 s). */
  private static final Duration SILENCE = Duration.ofSeconds(12);

  private final KubernetesClient probe;
  private final String node;
  private final boolean podsLive;
  private @Nullable ZonedDateTime renewal;
  private final InstantSource clock;
  private Instant quietSince;

  /**
   * @param podsLive whether a pod of the node must answer meanwhile
   */
  public NodeSilent(KubernetesClient probe, String node, boolean podsLive, InstantSource clock) {
    this.probe = probe;
    this.node = node;
    this.podsLive = podsLive;
    this.clock = clock;
    this.quietSince = clock.instant();
  }

  @Override
  public Optional<String> before() {
    return kubeletAnswers()
        ? Optional.empty()
        : Optional.of("the kubelet of " + node + " does not answer already");
  }

  @Override
  public Optional<Map<String, String>> seen() {
    ZonedDateTime latest = lease();
    // a lease that cannot be read is no silent lease: the silence begins anew
    if (latest == null || !latest.equals(renewal)) {
      renewal = latest;
      quietSince = clock.instant();
    }
    Duration quiet = Duration.between(quietSince, clock.instant());
    if (quiet.compareTo(SILENCE) < 0 || kubeletAnswers()) {
      return Optional.empty();
    }
    Map<String, String> evidence = new LinkedHashMap<>();
    evidence.put("lease", "not renewed for " + quiet.toSeconds() + " s, last " + renewal);
    evidence.put("kubelet", "does not answer");
    if (podsLive) {
      Optional<String> pod = answeringPod();
      if (pod.isEmpty()) {
        return Optional.empty();
      }
      evidence.put("pods", pod.get() + " answers");
    }
    return Optional.of(evidence);
  }

  @Override
  public String unseen() {
    return "the lease of %s was last renewed at %s and its kubelet %s%s"
        .formatted(
            node,
            renewal,
            kubeletAnswers() ? "answers" : "does not answer",
            podsLive ? "; of its pods " + answeringPod().orElse("none") + " answers" : "");
  }

  private @Nullable ZonedDateTime lease() {
    try {
      var lease = probe.leases().inNamespace("kube-node-lease").withName(node).get();
      return lease == null || lease.getSpec() == null ? null : lease.getSpec().getRenewTime();
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return null;
    }
  }

  private boolean kubeletAnswers() {
    return answers("/api/v1/nodes/" + node + "/proxy/healthz");
  }

  /**
   * Back when its kubelet answers and has renewed the lease: each of the two alone is neither.
   * Where the API server tells no lease, nobody was asked.
   */
  @Override
  public Look again() {
    ZonedDateTime latest = lease();
    if (latest == null) {
      return new Untold("the lease of " + node + " can not be read");
    }
    ZonedDateTime known = renewal;
    if (known == null) {
      renewal = latest;
      known = latest;
    }
    boolean renewed = !latest.equals(known);
    boolean answers = kubeletAnswers();
    if (renewed && answers) {
      return new Over(
          Map.of("lease", "renewed at " + latest, "kubelet", "of " + node + " answers"));
    }
    return renewed || answers
        ? new Untold(
            "the lease of %s was last renewed at %s and its kubelet %s"
                .formatted(node, latest, answers ? "answers" : "does not answer"))
        : new Lasts(Map.of("lease", "not renewed since " + latest, "kubelet", "does not answer"));
  }

  /** Any pod of the node that speaks HTTP; what it says does not matter. */
  private Optional<String> answeringPod() {
    for (Pod pod :
        probe.pods().inAnyNamespace().withField("spec.nodeName", node).list().getItems()) {
      if (PodUnanswering.answers(probe, pod)) {
        return Optional.of(Pods.object(pod));
      }
    }
    return Optional.empty();
  }

  private boolean answers(String path) {
    try {
      return probe.raw(path) != null;
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return false;
    }
  }
}
