package dev.muster.cluster.kind;

import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.NodeSilent;
import java.util.List;
import java.util.Set;

/** A node without power is silent; one that was started again has another boot id. */
public final class NodeShutdownOnCluster implements OnCluster.ByPower<NodeShutdown> {

  @Override
  public Class<NodeShutdown> kind() {
    return NodeShutdown.class;
  }

  @Override
  public Effect effect(NodeShutdown kind, InjectionContext at) {
    return new NodeSilent(at.probe(), at.node(), false, at.time());
  }

  @Override
  public List<Right> rights(NodeShutdown kind, Set<String> namespaces) {
    return kind.reboot() ? Right.of(Rights.CORE, "nodes", null, "get") : List.of();
  }
}
