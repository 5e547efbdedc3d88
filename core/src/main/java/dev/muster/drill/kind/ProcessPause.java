package dev.muster.drill.kind;

import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** SIGSTOP to all processes of containers. */
public record ProcessPause(List<String> containers) implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              ProcessPause.class,
              "SIGSTOP to all processes of containers",
              yaml -> new ProcessPause(yaml.list("containers")),
              _ -> MinimumDuration.LOOKS)
          .takes(Fields.CONTAINERS, Fields.FOLLOW);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT, Trait.OF_PODS);
  }

  @Override
  public List<String> words() {
    return List.of(Fields.containers("SIGSTOP to", containers));
  }
}
