package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.run.HandTime;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.NodeDrain;
import dev.muster.drill.time.Time;
import dev.muster.source.SourceTree;
import io.fabric8.kubernetes.api.model.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainDeedTest {
  private static final String LABEL = AgentArguments.id("r", "f");

  private final DrainedNode cluster = new DrainedNode();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean interrupting;
  private final Time time =
      new HandTime(
          () -> {
            if (interrupting) {
              Thread.currentThread().interrupt();
            }
            return now;
          },
          length -> now = now.plus(length));

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void theNodeIsCordonedWithTheFaultsLabelAndWhoCanMoveIsEvicted() {
    DrainDeed deed = deed(null);
    deed.apply();
    assertThat(Cordon.on(node("n1"))).isTrue();
    assertThat(Pods.labels(node("n1")))
        .containsEntry("muster.dev/fault", LABEL)
        .containsEntry("zone", "a");
    assertThat(cluster.asked).as("only the cordon is done at once").isEmpty();
    deed.proceed();
    assertThat(there("w1")).isFalse();
    assertThat(there("d1")).as("a DaemonSet's").isTrue();
    assertThat(there("k1")).as("the kubelet's own").isTrue();
    assertThat(there("agent")).as("Muster's own").isTrue();
    assertThat(there("w2")).as("on another node").isTrue();
    assertThat(Cordon.on(node("n2"))).isFalse();
  }

  @Test
  void whoIsOutsideOfTheSelectorStays() {
    cluster.pod("e1", "n1", "app: e", "StatefulSet", "{}");
    DrainDeed deed =
        deed(
            null,
            Selector.of(
                SourceTree.of(
                    "expressionSelectors: [{key: app, operator: NotIn, values: [e]}]", "t"),
                ""));
    deed.apply();
    deed.proceed();
    assertThat(there("w1")).isFalse();
    assertThat(there("e1")).isTrue();
    assertThat(cluster.asked).hasSize(1);
  }

  @Test
  void aBudgetThatRefusesIsAskedAgainEvery5SecondsAndKeepsNoOther() {
    cluster.pod("w3", "n1", "app: x", "ReplicaSet", "{}");
    cluster.refusals.put("w1", 429);
    DrainDeed deed = deed(null);
    deed.apply();
    deed.proceed();
    deed.proceed();
    assertThat(cluster.asked).hasSize(2);
    assertThat(there("w1")).isTrue();
    assertThat(there("w3")).isFalse();
    now = now.plusSeconds(4);
    deed.proceed();
    assertThat(cluster.asked).hasSize(2);
    now = now.plusSeconds(1);
    cluster.refusals.clear();
    deed.proceed();
    assertThat(cluster.asked).hasSize(3);
    assertThat(there("w1")).isFalse();
  }

  @Test
  void whatIsRefusedToOneIsToldWhenAllWereAsked() {
    cluster.pod("w3", "n1", "app: x", "ReplicaSet", "{}");
    cluster.refusals.put("w1", 500);
    DrainDeed deed = deed(null);
    deed.apply();
    assertThatThrownBy(deed::proceed)
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("pod/s/w1")
        .hasMessageContaining("as the test says");
    assertThat(there("w3")).isFalse();
    assertThatThrownBy(deed::proceed).as("not asked again yet").hasMessageContaining("pod/s/w1");
    assertThat(cluster.asked).hasSize(2);
    cluster.refusals.clear();
    now = now.plusSeconds(5);
    deed.proceed();
    assertThat(there("w1")).isFalse();
  }

  /** The pod's budgets are at fault, not the request. */
  @Test
  void whatHasSeveralBudgetsIsNoRefusalOfTheRequest() {
    cluster.refusals.put("w1", 500);
    cluster.message =
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not"
            + " support.";
    DrainDeed deed = deed(null);
    deed.apply();
    deed.proceed();
    assertThat(cluster.asked).hasSize(1);
    assertThat(there("w1")).isTrue();
  }

  @Test
  void aPodThatIsGoneMeanwhileIsNoRefusal() {
    cluster.refusals.put("w1", 404);
    DrainDeed deed = deed(null);
    deed.apply();
    deed.proceed();
    cluster.refusals.put("w1", 409);
    now = now.plusSeconds(5);
    deed.proceed();
    assertThat(cluster.asked).hasSize(2);
  }

  /** It tolerates the cordon; it was not there when it was drained. */
  @Test
  void whoComesAfterTheCordonIsLeftAlone() {
    cluster.tolerant("early", "n1");
    DrainDeed deed = deed(null);
    deed.apply();
    cluster.tolerant("late", "n1");
    deed.proceed();
    assertThat(there("late")).isTrue();
    assertThat(there("early")).isFalse();
    assertThat(there("w1")).isFalse();
  }

  @Test
  void whomTheSchedulerPutThereBeforeItSawTheCordonIsEvictedToo() {
    DrainDeed deed = deed(null);
    deed.apply();
    cluster.pod("w3", "n1", "app: w", "ReplicaSet", "{}");
    deed.proceed();
    assertThat(there("w3")).isFalse();
  }

  @Test
  void podsAreListedOnlyWhenAnEvictionIsDue() {
    cluster.refusals.put("w1", 429);
    DrainDeed deed = deed(null);
    deed.apply();
    int before = cluster.lists.size();
    for (int second = 0; second < 10; second++) {
      deed.proceed();
      now = now.plusSeconds(1);
    }
    assertThat(cluster.lists).hasSize(before + 2);
    assertThat(deed.step()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void whoeverIsInterruptedTellsNobodyElseToGo() {
    DrainDeed deed = deed(null);
    deed.apply();
    interrupting = true;
    deed.proceed();
    assertThat(Thread.interrupted()).isTrue();
    interrupting = false;
    assertThat(cluster.asked).isEmpty();
    assertThat(there("w1")).isTrue();
  }

  @Test
  void podsOfProtectedNamespacesStay() {
    DrainDeed deed = deed(null, new Evictable(Selector.EMPTY, List.of("s")));
    deed.apply();
    deed.proceed();
    assertThat(cluster.asked).isEmpty();
    assertThat(there("w1")).isTrue();
  }

  /** Nothing in a cluster lifts a cordon: at its ttl Muster does. */
  @Test
  void aCordonDoesNotEndByItself() {
    assertThat(deed(null).endsItself()).isFalse();
  }

  @Test
  void whatAStrangerCordonsAfterTheUndoIsTheStrangers() {
    DrainDeed deed = deed(null);
    deed.apply();
    deed.undo();
    cluster.cordon("n1", true);
    assertThat(deed.undone()).isTrue();
    deed.undo();
    assertThat(Cordon.on(node("n1"))).isTrue();
  }

  @Test
  void aCordonWhoseLabelAStrangerTookIsNotUndone() {
    DrainDeed deed = deed(null);
    deed.apply();
    assertThat(Cordon.unknown(cluster.client, deed.identity())).as("its label is there").isEmpty();
    cluster.label("n1", null);
    deed.undo();
    assertThat(deed.undone()).isFalse();
    assertThat(Cordon.unknown(cluster.client, deed.identity()))
        .hasValueSatisfying(why ->
            assertThat(why)
                .startsWith("node n1 is cordoned and has no label muster.dev/fault: ")
                .endsWith("kubectl uncordon n1"));
    assertThat(Cordon.unknown(cluster.client, Map.of("by", "policy"))).isEmpty();
    cluster.cordon("n1", false);
    assertThat(deed.undone()).isTrue();
    assertThat(Cordon.unknown(cluster.client, deed.identity())).isEmpty();
  }

  @Test
  void thePodsOwnGracePeriodIsKeptUnlessTheDrillSaysAnother() {
    DrainDeed deed = deed(null);
    deed.apply();
    deed.proceed();
    assertThat(cluster.asked.getFirst()).contains("\"uid\"").doesNotContain("gracePeriodSeconds");
    deed.undo();
    cluster.pod("w1", "n1", "app: w", "ReplicaSet", "{}");
    DrainDeed hasty = deed(Duration.ofSeconds(7));
    hasty.apply();
    hasty.proceed();
    assertThat(cluster.asked.getLast()).contains("\"gracePeriodSeconds\":7");
  }

  @Test
  void theUndoLeavesASchedulableNodeAndMayBeRepeated() {
    DrainDeed deed = deed(null);
    deed.undo(); // before anything was done
    assertThat(deed.undone()).isTrue();
    deed.apply();
    assertThat(deed.undone()).isFalse();
    deed.undo();
    assertThat(deed.undone()).isTrue();
    assertThat(Cordon.on(node("n1"))).isFalse();
    assertThat(Pods.labels(node("n1")))
        .containsEntry("zone", "a")
        .doesNotContainKey("muster.dev/fault");
    deed.undo();
    assertThat(deed.undone()).isTrue();
  }

  @Test
  void whoseAnswerWasLostHasDoneItAllTheSame() {
    DrainDeed deed = deed(null);
    deed.apply();
    deed.apply();
    assertThat(Cordon.on(node("n1"))).isTrue();
  }

  @Test
  void theCordonOfSomebodyElseIsNeitherTakenOverNorLifted() {
    cluster.cordon("n1", true);
    DrainDeed deed = deed(null);
    assertThatThrownBy(deed::apply)
        .isInstanceOf(ClusterException.class)
        .hasMessage("node n1 was cordoned by somebody else meanwhile");
    deed.undo();
    assertThat(Cordon.on(node("n1"))).isTrue();
    assertThat(Pods.labels(node("n1"))).doesNotContainKey("muster.dev/fault");
    assertThat(deed.undone()).as("somebody's cordon is there").isFalse();
  }

  @Test
  void aNodeThatAStrangerUncordonedIsNotCordonedAgain() {
    DrainDeed deed = deed(null);
    deed.apply();
    cluster.cordon("n1", false);
    cluster.pod("w3", "n1", "app: w", "ReplicaSet", "{}");
    deed.proceed();
    assertThat(there("w3")).as("it came to a node that takes pods").isTrue();
    assertThat(Cordon.on(node("n1"))).isFalse();
    assertThat(deed.undone()).as("its label is left").isFalse();
    deed.undo();
    assertThat(deed.undone()).isTrue();
  }

  @Test
  void theLabelOfAnotherFaultStays() {
    new DrainDeed(
            cluster.client,
            cluster.client,
            new NodeDrain(null, Duration.ofMinutes(1), Selector.EMPTY),
            new Evictable(Selector.EMPTY, List.of()),
            "n1",
            cluster.uid("n1"),
            "another",
            time)
        .apply();
    deed(null).undo();
    assertThat(Cordon.on(node("n1"))).isTrue();
    assertThat(Pods.labels(node("n1"))).containsEntry("muster.dev/fault", "another");
  }

  /** An autoscaler may make another one by that name. */
  @Test
  void aNewNodeByTheNameIsLeftAlone() {
    DrainDeed deed = deed(null);
    deed.apply();
    cluster.client.nodes().withName("n1").delete();
    cluster.create(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: n1, labels: {muster.dev/fault: %s}}
        spec: {unschedulable: true}
        """
            .formatted(LABEL));
    deed.undo();
    assertThat(Cordon.on(node("n1"))).isTrue();
    assertThat(deed.undone()).isTrue();
    assertThatThrownBy(deed::apply).hasMessage("node n1 is gone, or another one by its name");
  }

  @Test
  void itsEffectIsLookedForAsLongAsItMayTake() {
    assertThat(deed(null).patience()).isEqualTo(Duration.ofMinutes(1));
    assertThat(deed(null).identity())
        .containsEntry("node", "n1")
        .containsEntry("uid", cluster.uid("n1"))
        .containsEntry("label", "muster.dev/fault=" + LABEL);
  }

  private DrainDeed deed(@Nullable Duration grace) {
    return deed(grace, Selector.EMPTY);
  }

  private DrainDeed deed(@Nullable Duration grace, Selector pods) {
    return deed(grace, new Evictable(pods, List.of()));
  }

  private DrainDeed deed(@Nullable Duration grace, Evictable pods) {
    return new DrainDeed(
        cluster.client,
        cluster.client,
        new NodeDrain(grace, Duration.ofMinutes(1), pods.meant()),
        pods,
        "n1",
        cluster.uid("n1"),
        LABEL,
        time);
  }

  private Node node(String name) {
    return cluster.client.nodes().withName(name).get();
  }

  private boolean there(String pod) {
    return cluster.client.pods().inNamespace("s").withName(pod).get() != null;
  }
}
