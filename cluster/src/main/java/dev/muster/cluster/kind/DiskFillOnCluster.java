package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.KubeletView;
import dev.muster.drill.field.Amount;
import dev.muster.drill.kind.DiskFill;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.NodeFilled;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** Space that the kubelet measures, or reports the pressure of. */
public final class DiskFillOnCluster implements OnCluster.ByAgent<DiskFill> {

  @Override
  public Class<DiskFill> kind() {
    return DiskFill.class;
  }

  @Override
  public DeedSpec deed(DiskFill kind, AgentArguments told, String node, Optional<Pod> pod) {
    Amount amount = kind.amount();
    if (amount.bytes() != null) {
      return new DeedSpec.DiskFill(amount.bytes(), 0, 0);
    }
    if (amount.percent() != null) {
      return new DeedSpec.DiskFill(0, amount.percent(), 0);
    }
    KubeletView kubelet = new KubeletView(told.probe(), node);
    long size = kubelet.usage().map(KubeletView.Usage::diskSize).orElse(0L);
    return new DeedSpec.DiskFill(0, 0, Pressure.leave(kubelet, "nodefs.available", size));
  }

  @Override
  public Effect effect(DiskFill kind, InjectionContext at) {
    return NodeFilled.disk(at.probe(), at.kubelet(), at.node(), kind.amount());
  }
}
