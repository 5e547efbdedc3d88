package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What PodDisruptionBudgets say of the eviction of a pod. */
public final class Budgets {
  private Budgets() {}

  /** Those of the pod. The API server evicts none that has several. */
  public static List<PodDisruptionBudget> of(Pod pod, List<PodDisruptionBudget> all) {
    return of(String.valueOf(pod.getMetadata().getNamespace()), Pods.labels(pod), all);
  }

  /** Those of pods with these labels. */
  static List<PodDisruptionBudget> of(
      String namespace, Map<String, String> labels, List<PodDisruptionBudget> all) {
    return all.stream()
        .filter(b -> namespace.equals(namespace(b)))
        .filter(b -> b.getSpec() != null)
        .filter(b -> Labels.match(b.getSpec().getSelector(), labels))
        .toList();
  }

  /** It allows no eviction at this moment. */
  public static boolean closed(PodDisruptionBudget budget) {
    return budget.getStatus() == null || number(budget.getStatus().getDisruptionsAllowed()) == 0;
  }

  /**
   * It allows no eviction now, and will not by itself: it wants to keep all pods that there are to
   * be. One that is closed only until another pod is ready again opens by itself.
   */
  public static boolean blocks(PodDisruptionBudget budget) {
    PodDisruptionBudgetStatus status = budget.getStatus();
    int expected = status == null ? 0 : number(status.getExpectedPods());
    return closed(budget)
        && ((status != null && expected > 0 && number(status.getDesiredHealthy()) >= expected)
            || letsNone(budget));
  }

  private static boolean letsNone(PodDisruptionBudget budget) {
    String most = budget.getSpec() == null ? "" : text(budget.getSpec().getMaxUnavailable());
    return most.equals("0") || most.equals("0%");
  }

  /**
   * Whether a budget of the pod has a say in its eviction. The API server asks none of a pod that
   * has not begun to run, nor of one that is not ready where {@code unhealthyPodEvictionPolicy}
   * lets it go: always, or as by default while the budget's healthy pods are enough.
   */
  public static boolean holds(PodDisruptionBudget budget, Pod pod) {
    if (pod.getStatus() != null && "Pending".equals(pod.getStatus().getPhase())) {
      return false;
    }
    return Pods.ready(pod) || !(letsUnhealthy(budget) || enough(budget.getStatus()));
  }

  private static boolean letsUnhealthy(PodDisruptionBudget budget) {
    return budget.getSpec() != null
        && "AlwaysAllow".equals(budget.getSpec().getUnhealthyPodEvictionPolicy());
  }

  private static boolean enough(@Nullable PodDisruptionBudgetStatus status) {
    return status != null
        && number(status.getDesiredHealthy()) > 0
        && number(status.getCurrentHealthy()) >= number(status.getDesiredHealthy());
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

  static String text(@Nullable IntOrString value) {
    if (value == null) {
      return "";
    }
    return value.getIntVal() == null ? value.getStrVal() : String.valueOf(value.getIntVal());
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }
}
