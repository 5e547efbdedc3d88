package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Another number of replicas of a Deployment or StatefulSet; undone by the number of before.
 *
 * @param replicas that are wanted, 0 to 1000
 * @param timeout for so long they are waited for, from the change of the workload on
 */
public record Scale(int replicas, Duration timeout) implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              Scale.class,
              "the workload gets another number of replicas",
              yaml ->
                  new Scale(
                      yaml.number("replicas", 1),
                      yaml.duration("timeout", Fields.TIMEOUT_IF_LEFT_OUT)),
              _ -> MinimumDuration.STATE)
          .takes(
              Field.whole("replicas", 0, 1000, "how many there shall be").required("1"),
              Fields.TIMEOUT)
          .sense(Fields::heldAfterTimeout);

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.OF_WORKLOADS, Trait.GRADUAL);
  }

  @Override
  public List<String> words() {
    return List.of("to " + replicas + " replicas", "within " + DurationText.of(timeout));
  }
}
