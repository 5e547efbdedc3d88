package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import dev.muster.drill.field.Selector;
import dev.muster.source.SourceTree;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrainPreflightTest {
  private static final Set<String> FIRST = Set.of("node-1");
  private static final Map<String, Evictable> ALL_OF_FIRST =
      Map.of("node-1", new Evictable(Selector.EMPTY, List.of()));

  private final Stage stage =
      Stage.ofThree()
          .pod("w1", "worker", "node-1")
          .pod("w2", "worker", "node-1")
          .pod("w3", "worker", "node-2");

  @Test
  void aBudgetThatLetsNoneGoRefusesWithItsNumbers() {
    stage.budget("b", "worker", 0);
    assertThat(DrainPreflight.trouble(stage.snapshot(), ALL_OF_FIRST))
        .singleElement()
        .satisfies(why ->
            assertThat(why)
                .startsWith("a drain of node-1 would not end: PodDisruptionBudget s/b (")
                .contains("disruptionsAllowed 0")
                .contains("(pod/s/w1, pod/s/w2)"));
  }

  @Test
  void aBudgetThatLetsOneGoLetsTheOthersGoAfterIt() {
    stage.budget("b", "worker", 1);
    assertThat(DrainPreflight.trouble(stage.snapshot(), ALL_OF_FIRST)).isEmpty();
  }

  @Test
  void aBudgetOfPodsThatAreElsewhereOrStayIsNoneOfTheDrains() {
    stage.budget("b", "worker", 0);
    assertThat(
            DrainPreflight.trouble(
                stage.snapshot(), Map.of("node-3", new Evictable(Selector.EMPTY, List.of()))))
        .isEmpty();
    for (String pod : List.of("w1", "w2")) {
      owned(pod, "DaemonSet");
    }
    assertThat(DrainPreflight.trouble(stage.snapshot(), ALL_OF_FIRST)).isEmpty();
  }

  /** The API server asks no budget for them. */
  @Test
  void whoHasNotBegunToRunIsHeldByNoBudget() {
    stage.budget("b", "worker", 0);
    for (String pod : List.of("w1", "w2")) {
      stage.changedPod(
          pod,
          p -> {
            p.getStatus().setPhase("Pending");
            return p;
          });
    }
    assertThat(DrainPreflight.trouble(stage.snapshot(), ALL_OF_FIRST)).isEmpty();
  }

  @Test
  void whoIsMadeAnewByNobodyIsNotDeletedWithoutAWord() {
    for (String pod : List.of("w1", "w3")) {
      stage.changedPod(
          pod,
          p -> {
            p.getMetadata().setOwnerReferences(List.of());
            return p;
          });
    }
    assertThat(DrainPreflight.trouble(stage.snapshot(), ALL_OF_FIRST))
        .containsExactly(
            "a drain of node-1 would delete pods for good that nobody makes anew: pod/s/w1; leave"
                + " them out by podSelector, or protect their namespace");
    assertThat(
            DrainPreflight.trouble(
                stage.snapshot(), Map.of("node-1", new Evictable(Selector.EMPTY, List.of("s")))))
        .isEmpty();
  }

  @Test
  void nobodyIsAskedWhereNothingIsDrained() {
    stage.budget("b", "worker", 0);
    assertThat(DrainPreflight.trouble(stage.snapshot(), Map.of())).isEmpty();
  }

  @Test
  void whoIsOutsideOfTheSelectorNeedsNoBudgetAndNoRoom() {
    stage.pod("e1", "etcd", "node-1").budget("b", "worker", 0);
    Map<String, Evictable> others = Map.of("node-1", new Evictable(notOf("worker"), List.of()));
    assertThat(DrainPreflight.trouble(stage.snapshot(), others)).isEmpty();
    assertThat(Headroom.of(stage.snapshot(), FIRST, others).moving()).isEqualTo(1);
    assertThat(
            DrainPreflight.trouble(
                stage.snapshot(), Map.of("node-1", new Evictable(notOf("etcd"), List.of()))))
        .hasSize(1);
  }

  private static Selector notOf(String app) {
    return Selector.of(
        SourceTree.of(
            "expressionSelectors: [{key: app, operator: NotIn, values: [" + app + "]}]", "t"),
        "");
  }

  /** On a dead node it never goes; here its kubelet ends it. */
  @Test
  void aStatefulSetsPodMovesFromADrainedNodeAndNotFromALostOne() {
    owned("w1", "StatefulSet");
    assertThat(Headroom.of(stage.snapshot(), FIRST, Map.of()).moving()).isEqualTo(1);
    assertThat(Headroom.of(stage.snapshot(), FIRST, ALL_OF_FIRST).moving()).isEqualTo(2);
  }

  @Test
  void theTableTellsThatADrainWaits() {
    stage.budget("b", "worker", 1);
    var snapshot = stage.snapshot();
    var drain =
        PreflightTable.of(
            snapshot, FIRST, ALL_OF_FIRST, Headroom.of(snapshot, FIRST, ALL_OF_FIRST), Set.of());
    var loss =
        PreflightTable.of(
            snapshot, FIRST, Map.of(), Headroom.of(snapshot, FIRST, Map.of()), Set.of());
    assertThat(budget(drain)).isEqualTo("loses 2, 1 allowed; the drain waits for the others");
    assertThat(budget(loss)).isEqualTo("loses 2, 1 allowed; the loss of a node asks no budget");
  }

  @Test
  void theTableLeavesOutWhoStays() {
    stage.budget("b", "worker", 1);
    var snapshot = stage.snapshot();
    var others = Map.of("node-1", new Evictable(notOf("worker"), List.of()));
    var table =
        PreflightTable.of(snapshot, FIRST, others, Headroom.of(snapshot, FIRST, others), Set.of());
    assertThat(table.rows())
        .noneMatch(r -> r.topic() == Topic.BUDGET || r.topic() == Topic.WORKLOAD);
  }

  private static String budget(PreflightTable table) {
    return table.rows().stream()
        .filter(r -> r.topic() == Topic.BUDGET)
        .map(PreflightTable.Row::text)
        .findFirst()
        .orElseThrow();
  }

  private void owned(String pod, String kind) {
    stage.changedPod(
        pod,
        p -> {
          p.getMetadata()
              .setOwnerReferences(
                  List.of(
                      new OwnerReferenceBuilder()
                          .withKind(kind)
                          .withName("o")
                          .withUid("o")
                          .build()));
          return p;
        });
  }
}
