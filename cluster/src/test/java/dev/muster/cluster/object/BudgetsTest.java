package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minAvailable: 2      | {currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 2} | true  | true
          minAvailable: 2      | {currentHealthy: 1, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 2} | true  | true
          minAvailable: 2      | {currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1, expectedPods: 3} | false | false
          maxUnavailable: 1    | {currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 3} | true  | false
          minAvailable: 2      | {currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 3} | true  | false
          minAvailable: 2      | {currentHealthy: 0, desiredHealthy: 2, disruptionsAllowed: 0, expectedPods: 0} | true  | false
          maxUnavailable: 0    | {currentHealthy: 4, desiredHealthy: 3, disruptionsAllowed: 0, expectedPods: 3} | true  | true
          maxUnavailable: 0%   | {currentHealthy: 4, desiredHealthy: 3, disruptionsAllowed: 0, expectedPods: 3} | true  | true
          minAvailable: 100%   | {currentHealthy: 4, desiredHealthy: 3, disruptionsAllowed: 0, expectedPods: 3} | true  | true
          minAvailable: 5      | {currentHealthy: 6, desiredHealthy: 5, disruptionsAllowed: 0, expectedPods: 5} | true  | true
          maxUnavailable: 0    | null                                                                           | true  | true
          maxUnavailable: 1    | null                                                                           | true  | false
          """)
  void whetherItAllowsNoneNowAndWhetherItWillByItself(
      String spec, String status, boolean closed, boolean blocks) {
    PodDisruptionBudget budget = budget("s", spec, status);
    assertThat(Budgets.closed(budget)).isEqualTo(closed);
    assertThat(Budgets.blocks(budget)).isEqualTo(blocks);
  }

  /** As the API server decides of a pod that is not ready. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Running | True  | minAvailable: 2                                               | {currentHealthy: 2, desiredHealthy: 2} | true
          Running | False | minAvailable: 2                                               | {currentHealthy: 2, desiredHealthy: 2} | false
          Running | False | minAvailable: 2                                               | {currentHealthy: 1, desiredHealthy: 2} | true
          Running | False | minAvailable: 2, unhealthyPodEvictionPolicy: AlwaysAllow       | {currentHealthy: 1, desiredHealthy: 2} | false
          Running | False | minAvailable: 2, unhealthyPodEvictionPolicy: IfHealthyBudget   | {currentHealthy: 1, desiredHealthy: 2} | true
          Running | True  | minAvailable: 2, unhealthyPodEvictionPolicy: AlwaysAllow       | {currentHealthy: 1, desiredHealthy: 2} | true
          Running | False | minAvailable: 0                                               | {currentHealthy: 0, desiredHealthy: 0} | true
          Pending | False | minAvailable: 2                                               | {currentHealthy: 1, desiredHealthy: 2} | false
          """)
  void whetherItHasASayInAPodsEviction(
      String phase, String ready, String spec, String status, boolean holds) {
    Pod pod =
        Serialization.unmarshal(
            """
            metadata: {name: p, namespace: s, labels: {app: w}}
            status: {phase: %s, conditions: [{type: Ready, status: "%s"}]}
            """
                .formatted(phase, ready),
            Pod.class);
    assertThat(Budgets.holds(budget("s", spec, status), pod)).isEqualTo(holds);
  }

  @Test
  void itIsToldWithItsNumbers() {
    assertThat(
            Budgets.words(
                budget(
                    "s",
                    "minAvailable: 2",
                    "{currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: 0}")))
        .isEqualTo(
            "PodDisruptionBudget s/b (minAvailable 2; currentHealthy 2, desiredHealthy 2,"
                + " disruptionsAllowed 0)");
    assertThat(Budgets.words(budget("s", "maxUnavailable: 25%", "null")))
        .isEqualTo("PodDisruptionBudget s/b (maxUnavailable 25%)");
  }

  @Test
  void itIsOfThePodsOfItsNamespaceThatItSelects() {
    var here = budget("s", "minAvailable: 1", "null");
    var elsewhere = budget("t", "minAvailable: 1", "null");
    assertThat(Budgets.of(pod("app: w"), List.of(elsewhere, here))).containsExactly(here);
    assertThat(Budgets.of(pod("app: x"), List.of(here))).isEmpty();
  }

  private static Pod pod(String labels) {
    return Serialization.unmarshal(
        "metadata: {name: p, namespace: s, labels: {%s}}".formatted(labels), Pod.class);
  }

  private static PodDisruptionBudget budget(String namespace, String spec, String status) {
    return Serialization.unmarshal(
        """
        metadata: {name: b, namespace: %s}
        spec: {%s, selector: {matchLabels: {app: w}}}
        status: %s
        """
            .formatted(namespace, spec, status),
        PodDisruptionBudget.class);
  }
}
