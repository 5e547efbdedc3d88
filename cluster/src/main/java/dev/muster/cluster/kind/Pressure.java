package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.KubeletView;
import io.fabric8.kubernetes.api.model.Quantity;

/** How much of a node is left free, so that its kubelet reports pressure and nothing breaks. */
final class Pressure {
  private static final long LEAST = 16 << 20;

  private Pressure() {}

  /**
   * @param signal of the kubelet's, such as {@code memory.available}
   * @param total what the node has of it
   */
  static long leave(KubeletView kubelet, String signal, long total) {
    String threshold =
        kubelet
            .threshold(signal)
            .orElseThrow(() ->
                new ClusterException(
                    "the kubelet of "
                        + kubelet.node()
                        + " has no hard eviction threshold for "
                        + signal
                        + ": it would never report pressure; give a size instead"));
    long bytes =
        threshold.endsWith("%")
            ? (long) (total * Double.parseDouble(threshold.replace("%", "")) / 100)
            : Quantity.getAmountInBytes(Quantity.parse(threshold)).longValue();
    return Math.max(LEAST, bytes * 7 / 10);
  }
}
