package dev.muster.drill.kind;

import dev.muster.drill.field.Amount;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Processes that hold memory. In a pod they end its container, which the kubelet starts again in
 * the same pod.
 *
 * @param in a pod: in its container's cgroup, so that the container's limit is what is reached
 * @param containers names, in a pod only; empty means the pod's first
 */
public record MemoryStress(Amount amount, Place in, List<String> containers) implements FaultKind {
  private static final String PRESSURE = "MemoryPressure";

  public static final Kind KIND =
      Kind.of(
              MemoryStress.class,
              "processes that hold memory compete for it",
              yaml ->
                  new MemoryStress(
                      Amount.of(yaml.text("size", "")), Place.of(yaml), yaml.list("containers")),
              yaml -> Fields.inPod(yaml) ? MinimumDuration.ALLOCATED : MinimumDuration.MEASURED)
          .takes(Fields.SIZE, Fields.UNTIL, Fields.IN, Fields.CONTAINERS, Fields.FOLLOW)
          .rules(MemoryStress::rules)
          .sense(Fields::oneContainer);

  private static void rules(FaultYaml yaml) {
    Fields.sizeOrUntil(yaml, PRESSURE);
    Fields.stress(yaml);
  }

  @Override
  public Set<Trait> traits() {
    return in == Place.POD
        ? EnumSet.of(Trait.BY_AGENT, Trait.OF_PODS)
        : EnumSet.of(Trait.BY_AGENT, Trait.REPLACES_PODS);
  }

  @Override
  public List<String> words() {
    return in.words(amount.words(PRESSURE), containers);
  }
}
