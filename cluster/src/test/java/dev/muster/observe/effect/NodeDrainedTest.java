package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.fault.DrainedNode;
import dev.muster.cluster.fault.Evictable;
import dev.muster.drill.field.Selector;
import dev.muster.drill.port.Effect;
import dev.muster.source.SourceTree;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeDrainedTest {
  private static final String BUDGET =
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: %s, namespace: s}
      spec: {minAvailable: 2, selector: {matchLabels: {app: w}}}
      status: {currentHealthy: 2, desiredHealthy: 2, disruptionsAllowed: %d, expectedPods: 2}
      """;

  private final DrainedNode cluster = new DrainedNode();
  private final NodeDrained drained =
      new NodeDrained(cluster.client, "n1", new Evictable(Selector.EMPTY, List.of()), "f");

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void itIsSeenWhenTheNodeIsUnschedulableAndWhoCanMoveHasLeft() {
    assertThat(drained.before()).isEmpty();
    assertThat(drained.seen()).isEmpty();
    cluster.cordon("n1", true);
    assertThat(drained.seen()).as("w1 is there").isEmpty();
    cluster.end("w1");
    assertThat(drained.seen())
        .hasValue(
            Map.of("node", "n1 is unschedulable", "pods", "the 1 that a drain moves have left it"));
    assertThat(drained.lasts()).isTrue();
  }

  @Test
  void anEmptyNodeThatTakesPodsIsNotDrained() {
    assertThat(drained.before()).isEmpty();
    cluster.end("w1");
    assertThat(drained.seen()).isEmpty();
    assertThat(drained.unseen()).isEqualTo("node n1 was not unschedulable");
    assertThat(drained.left()).isEmpty();
  }

  /** Between the look and the cordon the scheduler may have put another one there. */
  @Test
  void whoCameBeforeTheCordonIsMeantToo() {
    drained.before();
    cluster.pod("w3", "n1", "app: w", "ReplicaSet", "{}");
    cluster.cordon("n1", true);
    cluster.end("w1");
    assertThat(drained.seen()).isEmpty();
    cluster.tolerant("late", "n1");
    cluster.end("w3");
    assertThat(drained.seen()).as("late tolerates the cordon").isPresent();
  }

  /** It had decided before it saw the cordon; the drain evicts that one as well. */
  @Test
  void whomTheSchedulerPutThereAfterTheCordonIsWaitedFor() {
    drained.before();
    cluster.cordon("n1", true);
    assertThat(drained.seen()).isEmpty();
    cluster.pod("w3", "n1", "app: w", "ReplicaSet", "{}");
    cluster.end("w1");
    assertThat(drained.seen()).isEmpty();
    assertThat(drained.left()).containsOnlyKeys("pod/s/w3");
  }

  /** A cache may be behind: that a pod has left it is believed of no cache. */
  @Test
  void looksCostTheApiServerLittleUntilNobodyIsLeft() {
    drained.before();
    cluster.cordon("n1", true);
    cluster.lists.clear();
    assertThat(drained.seen()).isEmpty();
    assertThat(cluster.lists).singleElement().asString().contains("resourceVersion=0");
    cluster.end("w1");
    assertThat(drained.seen()).isPresent();
    assertThat(cluster.lists.getLast()).doesNotContain("resourceVersion");
  }

  @Test
  void whoIsLeftIsNamedWithTheBudgetThatKeepsIt() {
    cluster.create(BUDGET.formatted("b", 0));
    drained.before();
    cluster.cordon("n1", true);
    assertThat(drained.seen()).isEmpty();
    String why =
        "no disruption is allowed by PodDisruptionBudget s/b (minAvailable 2; currentHealthy 2,"
            + " desiredHealthy 2, disruptionsAllowed 0)";
    assertThat(drained.left()).isEqualTo(Map.of("pod/s/w1", why));
    assertThat(drained.unseen()).isEqualTo("left on node n1: pod/s/w1: " + why);
  }

  @Test
  void aPodWithSeveralBudgetsIsEvictedByNobody() {
    cluster.create(BUDGET.formatted("b", 1) + "---\n" + BUDGET.formatted("c", 1));
    drained.before();
    cluster.cordon("n1", true);
    assertThat(drained.left().get("pod/s/w1"))
        .startsWith("the API server evicts no pod that has several budgets: ")
        .contains("s/b")
        .contains("s/c");
  }

  @Test
  void aPodThatNoBudgetKeepsIsToldSo() {
    cluster.create(BUDGET.formatted("b", 1));
    drained.before();
    cluster.cordon("n1", true);
    assertThat(drained.left())
        .isEqualTo(Map.of("pod/s/w1", "was not evicted, and no budget is against it"));
  }

  @Test
  void whoIsOutsideOfTheSelectorKeepsNoDrainFromItsEnd() {
    cluster.pod("e1", "n1", "app: e", "StatefulSet", "{}");
    Selector others =
        Selector.of(
            SourceTree.of("expressionSelectors: [{key: app, operator: NotIn, values: [e]}]", "t"),
            "");
    NodeDrained partly =
        new NodeDrained(cluster.client, "n1", new Evictable(others, List.of()), "f");
    partly.before();
    cluster.cordon("n1", true);
    assertThat(partly.left()).containsOnlyKeys("pod/s/w1");
    cluster.end("w1");
    assertThat(partly.seen())
        .hasValueSatisfying(seen ->
            assertThat(seen).containsEntry("pods", "the 1 that a drain moves have left it"));
    assertThat(partly.left()).isEmpty();
  }

  @Test
  void aNodeThatIsCordonedAlreadyIsSomebodyElses() {
    cluster.cordon("n1", true);
    assertThat(drained.before())
        .hasValueSatisfying(why ->
            assertThat(why).contains("cordoned already").contains("kubectl uncordon n1 first"));
    Evictable all = new Evictable(Selector.EMPTY, List.of());
    assertThat(new NodeDrained(cluster.client, "n9", all, "f").before())
        .hasValue("node n9 is gone");
  }

  @Test
  void itLastsWhileTheNodeIsUnschedulable() {
    drained.before();
    cluster.cordon("n1", true);
    cluster.label("n1", "f");
    assertThat(drained.again()).isInstanceOf(Effect.Lasts.class);
    cluster.cordon("n1", false);
    assertThat(drained.again()).isInstanceOf(Effect.Over.class);
  }

  /**
   * As by somebody who maintains the node right after the drill: the undo was done all the same.
   */
  @Test
  void theCordonOfAStrangerIsNotTheEffect() {
    drained.before();
    cluster.cordon("n1", true);
    assertThat(drained.again())
        .isEqualTo(
            new Effect.Over(
                Map.of("node", "n1 has not the fault's label: it is cordoned by somebody else")));
  }

  @Test
  void anotherNodeByTheNameIsNotTheOneThatWasDrained() {
    drained.before();
    cluster.client.nodes().withName("n1").delete();
    assertThat(drained.again()).isInstanceOf(Effect.Spent.class);
    cluster.create(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        spec: {unschedulable: true}
        """);
    assertThat(drained.again()).isInstanceOf(Effect.Spent.class);
    cluster.end("w1");
    assertThat(drained.seen()).isEmpty();
  }
}
