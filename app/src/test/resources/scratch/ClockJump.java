package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Field;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

public record ClockJump(Duration by) implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              ClockJump.class,
              "the node's clock is set forward",
              yaml -> new ClockJump(yaml.duration("by", Duration.ZERO)),
              _ -> MinimumDuration.LEASE)
          .takes(
              Field.duration("by", "how far it is set")
                  .required("1m")
                  .sense((yaml, field) -> {
                    if (Duration.ZERO.equals(yaml.duration(field))) {
                      yaml.refuse(field, "a jump of 0s is none");
                    }
                  }));

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT, Trait.TAKES_NODE);
  }

  @Override
  public List<String> words() {
    return List.of("by " + DurationText.of(by));
  }
}
