package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.ContainerEnded;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** A container that a signal ended. */
public final class ProcessKillOnCluster implements OnCluster.ByAgent<ProcessKill> {

  @Override
  public Class<ProcessKill> kind() {
    return ProcessKill.class;
  }

  @Override
  public DeedSpec deed(ProcessKill kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.ProcessKill(
        AgentArguments.containers(pod.orElseThrow(), kind.containers()));
  }

  @Override
  public Effect effect(ProcessKill kind, InjectionContext at) {
    return new ContainerEnded(at.probe(), at.victim());
  }
}
