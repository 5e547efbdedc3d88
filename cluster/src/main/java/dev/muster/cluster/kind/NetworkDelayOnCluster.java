package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.drill.kind.NetworkDelay;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.ConnectivityLost;
import dev.muster.observe.effect.Slowed;
import dev.muster.wire.DeedSpec;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** A node that is reached later than before. */
public final class NetworkDelayOnCluster implements OnCluster.ByAgent<NetworkDelay> {

  @Override
  public Class<NetworkDelay> kind() {
    return NetworkDelay.class;
  }

  @Override
  public DeedSpec deed(NetworkDelay kind, AgentArguments told, String node, Optional<Pod> pod) {
    return new DeedSpec.NetworkDelay(told.address(node), kind.latency(), kind.jitter());
  }

  @Override
  public Effect effect(NetworkDelay kind, InjectionContext at) {
    return new Slowed(ConnectivityLost.ofKubelet(at), kind.latency().toMillis());
  }
}
