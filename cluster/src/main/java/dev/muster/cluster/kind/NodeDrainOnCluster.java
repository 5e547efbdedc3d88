package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.DrainDeed;
import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.kind.NodeDrain;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.NodeDrained;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A node that takes no new pods, and whose pods have left it. */
public final class NodeDrainOnCluster implements OnCluster.ThroughApi<NodeDrain> {

  @Override
  public Class<NodeDrain> kind() {
    return NodeDrain.class;
  }

  @Override
  public ApiDeed deed(NodeDrain kind, InjectionContext at, Duration ttl) {
    Node node = at.client().nodes().withName(at.node()).get();
    if (node == null) {
      throw new ClusterException("node " + at.node() + " is gone");
    }
    return new DrainDeed(
        at.client(),
        at.probe(),
        kind,
        evictable(kind, at),
        at.node(),
        node.getMetadata().getUid(),
        at.mark(),
        at.time());
  }

  /** Whose pods a node has is not known beforehand: they may be of any namespace. */
  @Override
  public List<Right> rights(NodeDrain kind, Set<String> namespaces) {
    return Stream.of(
            Right.of(Rights.CORE, "nodes", null, "get", "patch"),
            Right.of(Rights.CORE, "pods", null, "list"),
            Right.of(Rights.CORE, "pods/eviction", null, "create"),
            Right.of(Rights.BUDGETS, "poddisruptionbudgets", null, "list"))
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Effect effect(NodeDrain kind, InjectionContext at) {
    return new NodeDrained(at.probe(), at.node(), evictable(kind, at), at.mark());
  }

  private static Evictable evictable(NodeDrain kind, InjectionContext at) {
    return new Evictable(kind.pods(), at.protectedNamespaces());
  }
}
