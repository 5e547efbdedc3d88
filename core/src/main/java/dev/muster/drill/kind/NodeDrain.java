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
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** Words of a selector that are of no label, or of a node, which is chosen already. */
  private static final List<String> NO_LABELS =
      List.of(
          "hosting",
          "zone",
          "nodes",
          "nodeSelectors",
          "namespaces",
          "annotationSelectors",
          "fieldSelectors",
          "podPhaseSelectors",
          "pods");

  public static final Kind KIND =
      Kind.of(
              NodeDrain.class,
              "the node is cordoned and its pods are evicted, as their budgets allow",
              yaml ->
                  new NodeDrain(
                      yaml.duration("gracePeriod"),
                      yaml.duration("timeout", TIMEOUT),
                      yaml.selector("podSelector")),
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
                  }),
              Field.selector(
                      "podSelector",
                      "which of its pods are evicted, by their labels; all if left out")
                  .sense(NodeDrain::byLabels))
          .sense(NodeDrain::inTime);

  private static void byLabels(FaultYaml yaml, String field) {
    FaultYaml selector = yaml.in(field);
    for (String word : NO_LABELS) {
      if (selector.has(word)) {
        selector.refuseKey(
            word,
            "a drain chooses among the pods of its node by their labels alone: %s takes labelSelectors and expressionSelectors, no \"%s\""
                .formatted(field, word));
      }
    }
  }

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
    String evicted = (pods.empty() ? "pods" : pods.podWords()) + " are evicted with ";
    return List.of(
        evicted
            + (grace == null
                ? "their own grace period"
                : "a grace period of " + DurationText.of(grace)),
        "for at most " + DurationText.of(timeout));
  }
}
