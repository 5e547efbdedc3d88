package dev.muster.cluster.preflight;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.select.OtherZones;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.NodeNetwork;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is against cutting nodes off from all zones but their own. */
public final class ZonePartition {
  private ZonePartition() {}

  /** Whether a fault of this kind does that. */
  public static boolean cuts(FaultKind kind) {
    return kind instanceof NodeNetwork network && network.peers() == NodeNetwork.Peers.OTHER_ZONES;
  }

  /**
   * Sentences, each once: which zones are the others can not be told, or pods there have addresses
   * by which they are not known, so that what comes anew would not be cut off.
   *
   * @param victims nodes that such a fault takes
   */
  public static List<String> trouble(Snapshot snapshot, Set<String> victims) {
    Set<String> trouble = new LinkedHashSet<>();
    for (String victim : victims) {
      try {
        OtherZones others = OtherZones.of(snapshot.nodes(), victim);
        List<Pod> strays = others.strays(snapshot.pods());
        if (!strays.isEmpty()) {
          trouble.add(stray(others.own(), strays));
        }
      } catch (ClusterException e) {
        trouble.add(String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(trouble);
  }

  private static String stray(String own, List<Pod> strays) {
    Pod first = strays.getFirst();
    return ("zone %s can not be cut off from all of the others: %s has the address %s, which is in"
            + " spec.podCIDRs of no node there%s")
        .formatted(
            own,
            Pods.object(first),
            Pods.address(first).orElse(""),
            strays.size() == 1 ? "" : ", and so have %d more".formatted(strays.size() - 1));
  }
}
