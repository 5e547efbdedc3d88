package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.CpuStress;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.NodeBusy;
import dev.muster.observe.effect.PodStressed;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** Stress that the kubelet measures. */
public final class CpuStressOnCluster implements OnCluster.ByAgent<CpuStress> {

  @Override
  public Class<CpuStress> kind() {
    return CpuStress.class;
  }

  @Override
  public DeedSpec deed(CpuStress kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.CpuStress(
        kind.workers() > 0 ? kind.workers() : told.cpus(node),
        kind.load(),
        pod.map(p -> AgentArguments.container(p, kind.containers())).orElse(""));
  }

  @Override
  public Effect effect(CpuStress kind, InjectionContext at) {
    return at.pod().isPresent()
        ? new PodStressed(at.kubelet(), at.victim())
        : new NodeBusy(at.kubelet(), kind.load());
  }
}
