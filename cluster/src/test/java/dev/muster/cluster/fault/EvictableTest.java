package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.Selector;
import dev.muster.source.SourceTree;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class EvictableTest {
  private final DrainedNode cluster = new DrainedNode();

  @BeforeEach
  void others() {
    cluster.pod("e1", "n1", "app: e", "StatefulSet", "{}");
    cluster.pod("e2", "n1", "app: e, tier: db", "StatefulSet", "{}");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void withoutASelectorAllThatCanMoveAreMeant() {
    assertThat(meant("{}")).containsExactly("e1", "e2", "w1");
  }

  @Test
  void labelsAndExpressionsMustAllHold() {
    assertThat(meant("labelSelectors: {app: e}")).containsExactly("e1", "e2");
    assertThat(meant("expressionSelectors: [{key: app, operator: NotIn, values: [e]}]"))
        .containsExactly("w1");
    assertThat(
            meant(
                "{labelSelectors: {app: e}, expressionSelectors: [{key: tier, operator: Exists}]}"))
        .containsExactly("e2");
  }

  @Test
  void whoCanNotMoveIsNotMeantByItsLabelsEither() {
    assertThat(meant("labelSelectors: {app: d}")).as("a DaemonSet's").isEmpty();
    assertThat(meant("labelSelectors: {app: k}")).as("the kubelet's own").isEmpty();
  }

  /** As kube-system's, by default: no fault may touch them. */
  @Test
  void podsOfProtectedNamespacesAreNotMeant() {
    assertThat(new Evictable(Selector.EMPTY, List.of("s")).on(cluster.client, "n1")).isEmpty();
    assertThat(new Evictable(Selector.EMPTY, List.of("kube-system")).on(cluster.client, "n1"))
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {key: node.kubernetes.io/unschedulable, operator: Exists, effect: NoSchedule}  | true
          {key: node.kubernetes.io/unschedulable, operator: Exists}                      | true
          {key: node.kubernetes.io/unschedulable, effect: NoSchedule}                    | true
          {operator: Exists}                                                             | true
          {operator: Exists, effect: NoExecute}                                          | false
          {key: node.kubernetes.io/unschedulable, operator: Equal, value: x}             | false
          {key: node.kubernetes.io/unreachable, operator: Exists}                        | false
          """)
  void whoMayBePutOnACordonedNodeSaysSo(String toleration, boolean may) {
    Pod pod =
        Serialization.unmarshal(
            "metadata: {name: p}\nspec: {tolerations: [%s]}\n".formatted(toleration), Pod.class);
    assertThat(Evictable.toleratesCordon(pod)).isEqualTo(may);
  }

  private List<String> meant(String selector) {
    return new Evictable(Selector.of(SourceTree.of(selector, "selector"), ""), List.of())
        .on(cluster.client, "n1").stream().map(Pods::name).toList();
  }
}
