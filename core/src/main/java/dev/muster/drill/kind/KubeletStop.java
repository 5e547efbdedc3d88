package dev.muster.drill.kind;

import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** SIGSTOP to the kubelet: pods live on, the node's lease stops. */
public record KubeletStop() implements FaultKind {
  public static final Kind KIND =
      Kind.of(
          KubeletStop.class,
          "SIGSTOP to the kubelet: pods live on, the node's lease stops",
          _ -> new KubeletStop(),
          _ -> MinimumDuration.LEASE);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(
        Trait.BY_AGENT,
        Trait.TAKES_NODE,
        Trait.SILENCES_NODE,
        Trait.SPARES_PEERS,
        Trait.REPLACES_PODS);
  }

  @Override
  public List<String> words() {
    return List.of();
  }
}
