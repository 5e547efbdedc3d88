package dev.muster.drill.kind;

import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Questions to DNS from the node and its pods are dropped. */
public record DnsFailure() implements FaultKind {
  public static final Kind KIND =
      Kind.of(
          DnsFailure.class,
          "questions to DNS from the node and its pods are dropped",
          _ -> new DnsFailure(),
          _ -> MinimumDuration.LOOKS);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT);
  }

  @Override
  public List<String> words() {
    return List.of();
  }
}
