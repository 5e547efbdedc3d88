package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods are deleted; their owner makes others.
 *
 * @param every repeated so often until the fault's duration is over; null: once
 */
public record PodKill(Duration gracePeriod, @Nullable Duration every) implements FaultKind {
  private static final Duration GRACE = Duration.ofSeconds(30);

  public static final Kind KIND =
      Kind.of(
              PodKill.class,
              "the pods are deleted",
              yaml -> new PodKill(yaml.duration("gracePeriod", GRACE), yaml.repeated()),
              _ -> MinimumDuration.NONE)
          .takes(Fields.GRACE_PERIOD, Fields.FOLLOW);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.OF_PODS, Trait.INSTANT, Trait.REPLACES_PODS, Trait.DELETES_PODS);
  }

  @Override
  public List<String> words() {
    return FaultKind.repeated(
        gracePeriod.isZero()
            ? "deleted at once"
            : "deleted with a grace period of " + DurationText.of(gracePeriod),
        every);
  }
}
