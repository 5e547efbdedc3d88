package dev.muster.observe.effect;

import dev.muster.cluster.object.KubeletView;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.port.Effect;
import dev.muster.source.MinimumAmount;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kubelet measures that a pod uses clearly more CPU or memory than before, or says that the
 * kernel ended its container for want of memory.
 */
public final class PodStressed implements Effect {
  /** Two measurements of the kubelet's. */
  private static final Duration MEASURED = Duration.ofSeconds(30);

  private final KubeletView kubelet;
  private final Pod pod;
  private final ContainerEnded ended;
  private KubeletView.@org.jspecify.annotations.Nullable PodUsage before;
  private KubeletView.@org.jspecify.annotations.Nullable PodUsage now;

  public PodStressed(KubeletView kubelet, Pod pod) {
    this.kubelet = kubelet;
    this.pod = pod;
    this.ended = new ContainerEnded(kubelet.probe(), pod);
  }

  @Override
  public Optional<String> before() {
    before = kubelet.usage(pod.getMetadata().getUid()).orElse(null);
    return before == null
        ? Optional.of("the kubelet does not measure pod " + Pods.name(pod))
        : Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    KubeletView.PodUsage first = before;
    KubeletView.PodUsage latest = kubelet.usage(pod.getMetadata().getUid()).orElse(null);
    now = latest;
    if (first != null
        && latest != null
        && (latest.cores() - first.cores() >= MinimumAmount.POD_CORES
            || latest.memory() - first.memory() >= MinimumAmount.BYTES)) {
      return Optional.of(Map.of("kubelet", text()));
    }
    return ended.seen();
  }

  /** Once it was seen, half of it shows that it goes on. */
  @Override
  public Look again() {
    KubeletView.PodUsage first = before;
    KubeletView.PodUsage latest = kubelet.usage(pod.getMetadata().getUid()).orElse(null);
    now = latest;
    var killed = ended.seen();
    if (killed.isPresent()) {
      return new Spent(killed.get());
    }
    if (first == null || latest == null) {
      return new Untold(unseen());
    }
    double cores = latest.cores() - first.cores();
    long memory = latest.memory() - first.memory();
    return cores >= MinimumAmount.POD_CORES / 2 || memory >= MinimumAmount.BYTES / 2
        ? new Lasts(Map.of("kubelet", text()))
        : new Over(Map.of("kubelet", text()));
  }

  @Override
  public Duration patience() {
    return MEASURED;
  }

  @Override
  public String unseen() {
    return text() + ": not enough to tell";
  }

  private String text() {
    return Pods.name(pod) + " uses " + text(now) + ", before " + text(before);
  }

  private static String text(KubeletView.@org.jspecify.annotations.Nullable PodUsage usage) {
    return usage == null
        ? "what nobody tells"
        : String.format(
            Locale.ROOT, "%.2f cores and %d MiB", usage.cores(), usage.memory() / (1 << 20));
  }
}
