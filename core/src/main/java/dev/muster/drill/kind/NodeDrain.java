package dev.muster.drill.kind;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.drill.field.Selector;
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
 * @param pods which of the node's are evicted, by their labels; empty: all
 */
public record NodeDrain(@Nullable Duration grace, Duration timeout, Selector pods)
    implements FaultKind {
  /** The words of a selector that are about labels. */
  private static final List<String> BY_LABELS = List.of("labelSelectors", "expressionSelectors");

  public static final Kind KIND =
      Kind.of(
              NodeDrain.class,
              "the node is cordoned and its pods are evicted, as their budgets allow",
              yaml ->
                  new NodeDrain(
                      yaml.duration("gracePeriod"),
                      yaml.duration("timeout", Fields.TIMEOUT_IF_LEFT_OUT),
                      yaml.selector("podSelector")),
              _ -> MinimumDuration.NONE)
          .takes(
              Fields.GRACE_PERIOD,
              Fields.TIMEOUT,
              Field.selector(
                      "podSelector",
                      "which of its pods are evicted, by their labels; all if left out")
                  .sense(NodeDrain::byLabels))
          .sense(Fields::heldAfterTimeout);

  private static void byLabels(FaultYaml yaml, String field) {
    yaml.in(field)
        .takesOnly(
            BY_LABELS,
            word ->
                "a drain chooses among the pods of its node by their labels alone: %s takes %s, no \"%s\""
                    .formatted(field, String.join(" and ", BY_LABELS), word));
  }

  /** The node stays Ready and its kubelet lives: it is not taken, only emptied. */
  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.EVICTS_PODS, Trait.GRADUAL, Trait.REPLACES_PODS);
  }

  @Override
  public List<String> words() {
    String evicted = (pods.empty() ? "pods" : pods.podWords()) + " are evicted with ";
    return List.of(
        evicted
            + (grace == null
                ? "their own grace period"
                : "a grace period of " + DurationText.of(grace)),
        "for at most " + DurationText.of(timeout));
  }
}
