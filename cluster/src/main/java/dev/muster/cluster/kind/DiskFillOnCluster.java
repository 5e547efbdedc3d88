package dev.muster.cluster.kind;

import dev.muster.cluster.AgentArguments;
import dev.muster.cluster.Injection;
import dev.muster.cluster.KubeletView;
import dev.muster.cluster.OnCluster;
import dev.muster.drill.Effect;
import dev.muster.drill.field.Amount;
import dev.muster.drill.kind.DiskFill;
import dev.muster.observe.NodeFilled;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

/** Space that the kubelet measures, or reports the pressure of. */
public final class DiskFillOnCluster implements OnCluster.ByAgent<DiskFill> {

  @Override
  public Class<DiskFill> kind() {
    return DiskFill.class;
  }

  @Override
  public List<String> arguments(
      DiskFill kind, AgentArguments told, String node, Optional<Pod> pod) {
    Amount amount = kind.amount();
    if (amount.bytes() != null) {
      return List.of("bytes=" + amount.bytes());
    }
    if (amount.percent() != null) {
      return List.of("percent=" + amount.percent());
    }
    KubeletView kubelet = new KubeletView(told.probe(), node);
    long size = kubelet.usage().map(KubeletView.Usage::diskSize).orElse(0L);
    return List.of("leave=" + Pressure.leave(kubelet, "nodefs.available", size));
  }

  @Override
  public Effect effect(DiskFill kind, Injection at) {
    return NodeFilled.disk(at.probe(), at.kubelet(), at.node(), kind.amount());
  }
}
