package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.ProcessPause;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.PodUnanswering;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** A pod that does not answer any more. */
public final class ProcessPauseOnCluster implements OnCluster.ByAgent<ProcessPause> {

  @Override
  public Class<ProcessPause> kind() {
    return ProcessPause.class;
  }

  @Override
  public DeedSpec deed(ProcessPause kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.ProcessPause(
        AgentArguments.containers(pod.orElseThrow(), kind.containers()));
  }

  @Override
  public Effect effect(ProcessPause kind, InjectionContext at) {
    return new PodUnanswering(at.probe(), at.victim());
  }
}
