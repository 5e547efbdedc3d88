package dev.muster.observe;

import dev.muster.cluster.KubeletView;
import dev.muster.drill.Effect;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kubelet measures that the node's CPUs are used clearly more than before: by half a core for
 * each core of full load, or by 30 % of one at least. It measures every 10 to 20 s.
 */
final class NodeBusy implements Effect {
  private static final double LEAST = 0.3;

  private final KubeletView kubelet;
  private final double more;
  private double before = Double.NaN;
  private double now = Double.NaN;

  /**
   * @param load of a core, percent
   */
  NodeBusy(KubeletView kubelet, int load) {
    this.kubelet = kubelet;
    this.more = Math.max(LEAST, 0.5 * load / 100);
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

  @Override
  public String unseen() {
    return text() + ": not enough to tell";
  }

  private String text() {
    return String.format(
        Locale.ROOT, "%s uses %.2f cores, before %.2f", kubelet.node(), now, before);
  }
}
