package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What PodDisruptionBudgets say of the eviction of a pod. */
public final class Budgets {
  private Budgets() {}

  /** Those of the pod. The API server evicts none that has several. */
  public static List<PodDisruptionBudget> of(Pod pod, List<PodDisruptionBudget> all) {
    return all.stream()
        .filter(b -> String.valueOf(pod.getMetadata().getNamespace()).equals(namespace(b)))
        .filter(b -> b.getSpec() != null)
        .filter(b -> Labels.match(b.getSpec().getSelector(), Pods.labels(pod)))
        .toList();
  }

  /** It allows no eviction at this moment. */
  public static boolean closed(PodDisruptionBudget budget) {
    return budget.getStatus() == null || number(budget.getStatus().getDisruptionsAllowed()) == 0;
  }

  /**
   * It allows no eviction now, and will not by itself: there are no more healthy pods than it wants
   * to keep, or it wants to keep them all. One that is closed only until another pod is ready again
   * opens by itself.
   */
  public static boolean blocks(PodDisruptionBudget budget) {
    PodDisruptionBudgetStatus status = budget.getStatus();
    if (status == null) {
      return budget.getSpec() != null && keepsAll(budget.getSpec(), 0);
    }
    return closed(budget)
        && (number(status.getCurrentHealthy()) <= number(status.getDesiredHealthy())
            || (budget.getSpec() != null
                && keepsAll(budget.getSpec(), number(status.getExpectedPods()))));
  }

  /**
   * @param expected pods; 0 where that is not known
   */
  private static boolean keepsAll(PodDisruptionBudgetSpec spec, int expected) {
    String most = text(spec.getMaxUnavailable());
    String least = text(spec.getMinAvailable());
    return most.equals("0")
        || most.equals("0%")
        || least.equals("100%")
        || (expected > 0 && least.matches("[0-9]{1,9}") && Integer.parseInt(least) >= expected);
  }

  /** With its name and what it counts, as {@code kubectl describe} calls it. */
  public static String words(PodDisruptionBudget budget) {
    PodDisruptionBudgetSpec spec = budget.getSpec();
    PodDisruptionBudgetStatus status = budget.getStatus();
    String least = spec == null ? "" : text(spec.getMinAvailable());
    String most = spec == null ? "" : text(spec.getMaxUnavailable());
    return "PodDisruptionBudget %s/%s (%s%s)"
        .formatted(
            namespace(budget),
            budget.getMetadata().getName(),
            !least.isEmpty()
                ? "minAvailable " + least
                : most.isEmpty() ? "without a bound" : "maxUnavailable " + most,
            status == null
                ? ""
                : "; currentHealthy %d, desiredHealthy %d, disruptionsAllowed %d"
                    .formatted(
                        number(status.getCurrentHealthy()),
                        number(status.getDesiredHealthy()),
                        number(status.getDisruptionsAllowed())));
  }

  private static String namespace(PodDisruptionBudget budget) {
    return String.valueOf(budget.getMetadata().getNamespace());
  }

  private static String text(@Nullable IntOrString value) {
    if (value == null) {
      return "";
    }
    return value.getIntVal() == null ? value.getStrVal() : String.valueOf(value.getIntVal());
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
