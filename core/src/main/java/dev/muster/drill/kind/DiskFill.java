package dev.muster.drill.kind;

import dev.muster.drill.field.Amount;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One large file on the node's disk. */
public record DiskFill(Amount amount) implements FaultKind {
  private static final String PRESSURE = "DiskPressure";

  public static final Kind KIND =
      Kind.of(
              DiskFill.class,
              "one large file takes the space of the node's disk",
              yaml -> new DiskFill(Amount.of(yaml.text("size", ""))),
              _ -> MinimumDuration.MEASURED)
          .takes(Fields.SIZE, Fields.UNTIL)
          .rules(yaml -> Fields.sizeOrUntil(yaml, PRESSURE));

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT, Trait.REPLACES_PODS);
  }

  @Override
  public List<String> words() {
    return List.of(amount.words(PRESSURE));
  }
}
