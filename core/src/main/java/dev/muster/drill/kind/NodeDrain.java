package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The node is cordoned and its pods are evicted, each when its PodDisruptionBudget allows it, as
 * {@code kubectl drain} does; it lasts from when the last of them has left.
 *
 * @param grace what each pod is given to end; null: its own
 * @param timeout for so long at most it may take until the last pod has left
 */
public record NodeDrain(@Nullable Duration grace, Duration timeout) implements FaultKind {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  public static final Kind KIND =
      Kind.of(
              NodeDrain.class,
              "the node is cordoned and its pods are evicted, as their budgets allow",
              yaml ->
                  new NodeDrain(yaml.duration("gracePeriod"), yaml.duration("timeout", TIMEOUT)),
              _ -> MinimumDuration.NONE)
          .takes(
              Fields.GRACE_PERIOD,
              Field.duration(
                      "timeout", "how long it may take until the last pod has left; 5m if left out")
                  .sense((yaml, field) -> {
                    Duration timeout = yaml.duration(field);
                    if (timeout != null && timeout.isZero()) {
                      yaml.refuse(field, "in 0s no pod can leave: at least 1s");
                    }
                  }))
          .sense(NodeDrain::inTime);

  /** Otherwise its undo would come before it is done, or before it has lasted. */
  private static void inTime(FaultYaml yaml) {
    Duration ttl = yaml.duration("ttl");
    Duration duration = yaml.duration("duration");
    Duration timeout = yaml.duration("timeout", TIMEOUT);
    if (ttl != null && duration != null && ttl.compareTo(timeout.plus(duration)) < 0) {
      yaml.refuse(
          "ttl",
          "ttl %s is shorter than timeout %s and duration %s together: a drain lasts from when the last pod has left; make ttl at least %s"
              .formatted(
                  DurationText.of(ttl),
                  DurationText.of(timeout),
                  DurationText.of(duration),
                  DurationText.of(timeout.plus(duration))));
    }
  }

  /** The node stays Ready and its kubelet lives: it is not taken, only emptied. */
  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.EVICTS_PODS, Trait.GRADUAL, Trait.REPLACES_PODS);
  }

  @Override
  public List<String> words() {
    return List.of(
        grace == null
            ? "pods are evicted with their own grace period"
            : "pods are evicted with a grace period of " + DurationText.of(grace),
        "for at most " + DurationText.of(timeout));
  }
}
