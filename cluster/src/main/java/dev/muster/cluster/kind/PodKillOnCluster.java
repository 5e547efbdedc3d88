package dev.muster.cluster.kind;

import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.PodKillDeed;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.PodGone;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A pod that is deleted. */
public final class PodKillOnCluster implements OnCluster.ThroughApi<PodKill> {

  @Override
  public Class<PodKill> kind() {
    return PodKill.class;
  }

  @Override
  public ApiDeed deed(PodKill kind, InjectionContext at, Duration ttl) {
    return new PodKillDeed(at.client(), at.victim(), kind.gracePeriod());
  }

  @Override
  public List<Right> rights(PodKill kind, Set<String> namespaces) {
    return namespaces.stream()
        .flatMap(n -> Right.of(Rights.CORE, "pods", n, "get", "delete").stream())
        .toList();
  }

  @Override
  public Effect effect(PodKill kind, InjectionContext at) {
    return new PodGone(at.probe(), at.victim());
  }
}
