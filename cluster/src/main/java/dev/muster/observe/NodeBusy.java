package dev.muster.observe;

import dev.muster.cluster.KubeletView;
import dev.muster.drill.Effect;
import dev.muster.source.Smallest;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kubelet measures that the node's CPUs are used clearly more than before: by half a core for
 * each core of full load, or by 30 % of one at least. It measures every 10 to 20 s.
 */
final class NodeBusy implements Effect {
  /** Two measurements of the kubelet's. */
  private static final Duration MEASURED = Duration.ofSeconds(30);

  private final KubeletView kubelet;
  private final double more;
  private double before = Double.NaN;
  private double now = Double.NaN;

  /**
   * @param load of a core, percent
   */
  NodeBusy(KubeletView kubelet, int load) {
    this.kubelet = kubelet;
    this.more = Math.max(Smallest.NODE_CORES, 0.5 * load / 100);
  }

  @Override
  public Optional<String> before() {
    var usage = kubelet.usage();
    if (usage.isEmpty()) {
      return Optional.of("the kubelet of " + kubelet.node() + " tells no CPU usage");
    }
    before = usage.get().cores();
    return Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    now = kubelet.usage().map(KubeletView.Usage::cores).orElse(Double.NaN);
    return now - before >= more ? Optional.of(Map.of("kubelet", text())) : Optional.empty();
  }

  /** Once it was seen, half of it shows that it goes on: others on the node use more and less. */
  @Override
  public Look again() {
    now = kubelet.usage().map(KubeletView.Usage::cores).orElse(Double.NaN);
    if (Double.isNaN(now)) {
      return new Untold("the kubelet of " + kubelet.node() + " tells no CPU usage");
    }
    return now - before >= more / 2
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
    return String.format(
        Locale.ROOT, "%s uses %.2f cores, before %.2f", kubelet.node(), now, before);
  }
}
