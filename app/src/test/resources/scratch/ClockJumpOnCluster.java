package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.port.Effect;
import dev.muster.drill.kind.ClockJump;
import dev.muster.observe.effect.NodeSilent;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;

public final class ClockJumpOnCluster implements OnCluster.ByAgent<ClockJump> {

  @Override
  public Class<ClockJump> kind() {
    return ClockJump.class;
  }

  @Override
  public DeedSpec deed(ClockJump kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.ClockJump(kind.by());
  }

  @Override
  public List<Right> rights(ClockJump kind, Set<String> namespaces) {
    return Right.of(Rights.CORE, "componentstatuses", null, "list");
  }

  @Override
  public Effect effect(ClockJump kind, InjectionContext at) {
    return new NodeSilent(at.probe(), at.node(), false, at.time());
  }
}
