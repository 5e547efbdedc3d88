package dev.muster.observe.effect;

import dev.muster.cluster.object.KubeletView;
import dev.muster.drill.port.Effect;
import dev.muster.source.MinimumAmount;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kubelet measures that what is no pod uses clearly more of the node's CPUs than before: a
 * third of a core for each core of full load, or 30 % of one at least. The daemons of a node use a
 * tenth of a core, and what pods use goes up and down with the traffic that a fault moves to them.
 * A third, since where a machine has no CPU left the stress gets its share only. It measures every
 * 10 to 20 s.
 */
public final class NodeBusy implements Effect {
  /** Two measurements of the kubelet's. */
  private static final Duration MEASURED = Duration.ofSeconds(30);

  private final KubeletView kubelet;
  private final double more;
  private double before = Double.NaN;
  private double now = Double.NaN;

  /**
   * @param load of a core, percent
   */
  public NodeBusy(KubeletView kubelet, int load) {
    this.kubelet = kubelet;
    this.more = Math.max(MinimumAmount.NODE_CORES, load / 300.0);
  }

  @Override
  public Optional<String> before() {
    var usage = kubelet.usage();
    if (usage.isEmpty()) {
      return Optional.of("the kubelet of " + kubelet.node() + " tells no CPU usage");
    }
    before = usage.get().coresBesidePods();
    return Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    now = kubelet.usage().map(KubeletView.Usage::coresBesidePods).orElse(Double.NaN);
    return now - before >= more ? Optional.of(Map.of("kubelet", text())) : Optional.empty();
  }

  /** Once it was seen, half of it shows that it goes on: others on the node use more and less. */
  @Override
  public Look again() {
    now = kubelet.usage().map(KubeletView.Usage::coresBesidePods).orElse(Double.NaN);
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
        Locale.ROOT,
        "%s uses %.2f cores beside its pods, before %.2f",
        kubelet.node(),
        now,
        before);
  }
}
