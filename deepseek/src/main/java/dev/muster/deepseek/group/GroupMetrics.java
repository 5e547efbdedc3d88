package dev.muster.deepseek.group;

import dev.muster.deepseek.wire.Metrics;
import java.util.function.DoubleSupplier;

/** What leader and followers tell of their group. */
public final class GroupMetrics {
  private GroupMetrics() {}

  /**
   * @param size pods of a whole group
   * @param present those that are there; for a follower all or none
   */
  public static void of(Metrics metrics, int size, DoubleSupplier present) {
    metrics.gauge("deepseek_worker_group_size", "Pods of the model's group.", () -> size);
    metrics.gauge(
        "deepseek_worker_group_ranks_present", "Ranks that are there, the leader's too.", present);
  }
}
