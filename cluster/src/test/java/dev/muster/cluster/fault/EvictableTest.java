package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.Selector;
import dev.muster.source.SourceTree;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  private List<String> meant(String selector) {
    return new Evictable(Selector.of(SourceTree.of(selector, "selector"), ""))
        .on(cluster.client, "n1").stream().map(Pods::name).toList();
  }
}
