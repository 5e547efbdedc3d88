package dev.muster.verdict.recovery;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the node lifecycle controller decides of a zone, by how many of its nodes are Ready. The
 * rules are those of {@code pkg/controller/nodelifecycle/node_lifecycle_controller.go} of
 * Kubernetes 1.37.2: {@code ComputeZoneState} (line 1334) for the state, {@code ReducedQPSFunc}
 * (line 1269) and {@code setLimiterInZone} (line 1214) for the rate, {@code handleDisruption} (line
 * 1049) for the mode in which all zones are fully disrupted. What is limited is how many nodes of
 * the zone get a NoExecute taint ({@code doNoExecuteTaintingPass}, line 594): pods of nodes that
 * have it already are evicted as they tolerate it, and NoSchedule is not limited. Where all zones
 * are fully disrupted the taints that are there are taken off as well (line 1092).
 *
 * <p>The flags have their defaults here. The controller's zone is region and zone together, and it
 * leaves nodes with the label {@code node.kubernetes.io/exclude-disruption} out; here it is the
 * zone alone, with all its nodes.
 *
 * @param state of the zone
 * @param nodesPerSecond that get the NoExecute taint at most; 0 where none does
 */
public record ZoneDisruption(State state, double nodesPerSecond) {
  /** {@code --node-eviction-rate}, nodes a second. */
  public static final double RATE = 0.1;

  /** {@code --secondary-node-eviction-rate}, nodes a second. */
  public static final double SECONDARY_RATE = 0.01;

  /** {@code --unhealthy-zone-threshold}; the controller compares in 32 bits as well. */
  private static final float UNHEALTHY = 0.55f;

  /** {@code --large-cluster-size-threshold}, nodes of one zone. */
  public static final int LARGE = 50;

  /** However large their share is, fewer nodes disrupt no zone in part. */
  public static final int FEWEST = 3;

  public enum State {
    NORMAL,
    PARTIAL,
    /** No node is Ready. */
    FULL
  }

  /** Nodes of one zone. */
  public record Nodes(int ready, int notReady) {
    public int all() {
      return ready + notReady;
    }
  }

  /**
   * The decisions for each zone.
   *
   * @param zones all of a cluster; nodes that say no zone are one together
   */
  public static Map<String, ZoneDisruption> of(Map<String, Nodes> zones) {
    boolean everywhere =
        !zones.isEmpty() && zones.values().stream().allMatch(n -> state(n) == State.FULL);
    Map<String, ZoneDisruption> decided = new TreeMap<>();
    zones.forEach((zone, nodes) -> {
      var state = state(nodes);
      decided.put(zone, new ZoneDisruption(state, everywhere ? 0 : rate(state, nodes)));
    });
    return decided;
  }

  private static State state(Nodes nodes) {
    if (nodes.ready() == 0 && nodes.notReady() > 0) {
      return State.FULL;
    }
    return nodes.notReady() >= FEWEST && (float) nodes.notReady() / nodes.all() >= UNHEALTHY
        ? State.PARTIAL
        : State.NORMAL;
  }

  private static double rate(State state, Nodes nodes) {
    return switch (state) {
      case NORMAL, FULL -> RATE;
      case PARTIAL -> nodes.all() > LARGE ? SECONDARY_RATE : 0;
    };
  }
}
