package dev.muster.observe.effect;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.object.KubeletView;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.Amount;
import dev.muster.drill.port.Effect;
import dev.muster.source.MinimumAmount;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The kubelet measures that the node's memory or disk is used by at least half of what was taken;
 * or, where pressure is the aim, reports it.
 */
public final class NodeFilled implements Effect {
  private static final long MEBI = 1 << 20;

  /** Where the share of a node is taken, the free part must shrink by this much to be told. */
  private static final long NOTABLE = 64 * MEBI;

  /** Two measurements of the kubelet's. */
  private static final Duration MEASURED = Duration.ofSeconds(30);

  private final KubernetesClient probe;
  private final KubeletView kubelet;
  private final String node;
  private final String condition;
  private final ToLongFunction<KubeletView.Usage> free;
  private final Amount amount;
  private long before = -1;
  private long now = -1;
  private long taken;

  private NodeFilled(
      KubernetesClient probe,
      KubeletView kubelet,
      String node,
      String condition,
      ToLongFunction<KubeletView.Usage> free,
      Amount amount) {
    this.probe = probe;
    this.kubelet = kubelet;
    this.node = node;
    this.condition = condition;
    this.free = free;
    this.amount = amount;
  }

  public static NodeFilled memory(
      KubernetesClient probe, KubeletView kubelet, String node, Amount amount) {
    return new NodeFilled(
        probe, kubelet, node, "MemoryPressure", KubeletView.Usage::memoryFree, amount);
  }

  public static NodeFilled disk(
      KubernetesClient probe, KubeletView kubelet, String node, Amount amount) {
    return new NodeFilled(
        probe, kubelet, node, "DiskPressure", KubeletView.Usage::diskFree, amount);
  }

  @Override
  public Optional<String> before() {
    var usage = kubelet.usage();
    if (usage.isEmpty()) {
      return Optional.of("the kubelet of " + node + " tells no usage");
    }
    before = free.applyAsLong(usage.get());
    return pressure()
        ? Optional.of("node " + node + " is under " + condition + " already")
        : Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> seen() {
    boolean measured = measured();
    if (measured) {
      taken = Math.max(taken, before - now);
    }
    if (pressure()) {
      return Optional.of(Map.of("condition", node + " reports " + condition));
    }
    if (!measured || amount.untilPressure()) {
      return Optional.empty();
    }
    return before - now >= wanted() ? Optional.of(Map.of("kubelet", text())) : Optional.empty();
  }

  /** False where the kubelet does not answer: what it said last is no news. */
  private boolean measured() {
    var usage = kubelet.usage();
    usage.ifPresent(u -> now = free.applyAsLong(u));
    return usage.isPresent();
  }

  private long wanted() {
    Long bytes = amount.bytes();
    return bytes == null ? NOTABLE : Math.max(MinimumAmount.BYTES, bytes / 2);
  }

  /**
   * What is missing tells: the pressure passes while the fault lasts, where the kubelet made room
   * by eviction, and stays after it for a time of the kubelet's.
   */
  @Override
  public Look again() {
    if (!measured()) {
      return new Untold("the kubelet of " + node + " tells no usage");
    }
    long missing = before - now;
    taken = Math.max(taken, missing);
    long notable = amount.untilPressure() ? NOTABLE : wanted();
    return missing >= Math.max(notable, taken) / 2
        ? new Lasts(Map.of("kubelet", text()))
        : new Over(Map.of("kubelet", text()));
  }

  @Override
  public Duration patience() {
    return MEASURED;
  }

  private boolean pressure() {
    try {
      Node now = probe.nodes().withName(node).get();
      return now != null && Pods.condition(now, condition).equals("True");
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return false;
    }
  }

  @Override
  public String unseen() {
    return text() + (amount.untilPressure() ? ", no " + condition : "");
  }

  private String text() {
    return now < 0
        ? "the kubelet of " + node + " told no usage since the fault"
        : "%s has %d MiB free, before %d MiB".formatted(node, now / MEBI, before / MEBI);
  }
}
