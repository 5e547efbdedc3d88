package dev.muster.drill.kind;

import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SIGKILL to the main process of containers.
 *
 * @param containers names; empty means the pod's first
 * @param every repeated so often until the fault's duration is over; null: once
 */
public record ProcessKill(List<String> containers, @Nullable Duration every) implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              ProcessKill.class,
              "SIGKILL to the main process of containers",
              yaml -> new ProcessKill(yaml.list("containers"), yaml.repeated()),
              _ -> MinimumDuration.NONE)
          .takes(Fields.CONTAINERS, Fields.FOLLOW);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT, Trait.OF_PODS, Trait.INSTANT);
  }

  @Override
  public List<String> words() {
    return FaultKind.repeated(Fields.containers("SIGKILL to", containers), every);
  }
}
