package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.NodeSilent;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** A silent node whose pods answer; its agent finds the kubelet by itself. */
public final class KubeletStopOnCluster implements OnCluster.ByAgent<KubeletStop> {

  @Override
  public Class<KubeletStop> kind() {
    return KubeletStop.class;
  }

  @Override
  public DeedSpec deed(KubeletStop kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.KubeletStop();
  }

  @Override
  public Effect effect(KubeletStop kind, InjectionContext at) {
    return new NodeSilent(at.probe(), at.node(), true, at.time());
  }
}
