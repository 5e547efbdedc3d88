package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.DnsFailure;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.ConnectivityLost;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** A pod of the node that resolves no name any more. */
public final class DnsFailureOnCluster implements OnCluster.ByAgent<DnsFailure> {

  @Override
  public Class<DnsFailure> kind() {
    return DnsFailure.class;
  }

  @Override
  public DeedSpec deed(DnsFailure kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.DnsFailure(told.address(node));
  }

  @Override
  public Effect effect(DnsFailure kind, InjectionContext at) {
    return ConnectivityLost.of(
        at, "dns", "kubernetes.default.svc.cluster.local.", 53, at.node(), "", false);
  }
}
