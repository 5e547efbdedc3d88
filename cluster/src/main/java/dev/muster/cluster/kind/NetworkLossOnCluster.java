package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.NetworkLoss;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.ConnectivityLost;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** A node that is not reached each time. */
public final class NetworkLossOnCluster implements OnCluster.ByAgent<NetworkLoss> {

  @Override
  public Class<NetworkLoss> kind() {
    return NetworkLoss.class;
  }

  @Override
  public DeedSpec deed(NetworkLoss kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.NetworkLoss(told.address(node), kind.percent());
  }

  @Override
  public Effect effect(NetworkLoss kind, InjectionContext at) {
    return ConnectivityLost.ofKubelet(at).lossy(kind.percent());
  }
}
