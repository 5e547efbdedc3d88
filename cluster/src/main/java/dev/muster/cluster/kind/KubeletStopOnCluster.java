package dev.muster.cluster.kind;

import dev.muster.cluster.AgentArguments;
import dev.muster.cluster.Injection;
import dev.muster.cluster.OnCluster;
import dev.muster.drill.Effect;
import dev.muster.drill.kind.KubeletStop;
import dev.muster.observe.NodeSilent;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** A silent node whose pods answer; its agent finds the kubelet by itself. */
public final class KubeletStopOnCluster implements OnCluster.ByAgent<KubeletStop> {

  @Override
  public Class<KubeletStop> kind() {
    return KubeletStop.class;
  }

  @Override
  public List<String> arguments(
      KubeletStop kind, AgentArguments told, String node, Optional<Pod> pod) {
    return List.of();
  }

  @Override
  public Effect effect(KubeletStop kind, Injection at) {
    return new NodeSilent(at.probe(), at.node(), true, at.time());
  }
}
