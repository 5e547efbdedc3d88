package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which pods replace those that were lost, and which do not. */
class ReplacementsTest extends MilestonesWorld {
  @Test
  void aReplacementReplacesAnEvictedPod() {
    milestones.pod(pod("old", "node-1", false, true));
    milestones.pod(pod("new", null, false, false));
    milestones.pod(pod("new", "node-3", true, false));
    assertThat(names())
        .containsExactly(
            Milestone.POD_NOT_READY,
            Milestone.POD_EVICTED,
            Milestone.REPLACEMENT_CREATED,
            Milestone.REPLACEMENT_SCHEDULED,
            Milestone.REPLACEMENT_STARTED,
            Milestone.REPLACEMENT_READY);
    assertThat(reached.get(2).detail()).containsEntry("replaces", "pod/s/old#old");
    assertThat(reached.get(3).detail()).containsEntry("node", "node-3");
    assertThat(started).containsExactly("new");
  }

  /** As where a second fault kills a process in it: the first loss is replaced all the same. */
  @Test
  void aReplacementThatBecomesAVictimBeforeItIsReadyIsReadyInTheEnd() {
    milestones.pod(pod("old", "node-1", false, true));
    milestones.pod(pod("new", "node-3", false, false));
    milestones.victimPod(new ObjectRef.Pod("s", "new", "new"));
    assertThat(names()).doesNotContain(Milestone.REPLACEMENT_READY);
    milestones.pod(pod("new", "node-3", true, false));
    assertThat(names()).filteredOn(Milestone.REPLACEMENT_READY::equals).hasSize(1);
    milestones.pod(pod("new", "node-3", false, false));
    milestones.pod(pod("new", "node-3", true, false));
    assertThat(names()).endsWith(Milestone.POD_NOT_READY, Milestone.POD_READY_AGAIN);
  }

  @Test
  void aPodThatAScaleUpMadeIsNoReplacement() {
    milestones.pod(pod("more", "node-3", true, false));
    assertThat(reached).isEmpty();

    milestones.pod(pod("old", "node-1", false, true));
    milestones.pod(pod("more", "node-3", true, false));
    milestones.pod(pod("new", "node-3", true, false));
    milestones.pod(pod("evenMore", "node-3", true, false));
    assertThat(reached.stream().filter(m -> m.milestone() == Milestone.REPLACEMENT_READY))
        .extracting(m -> m.object().name())
        .containsExactly("new");
  }

  @Test
  void whatAnotherControllerMadeIsNoReplacement() {
    milestones.pod(pod("old", "node-1", false, true));
    reached.clear();
    Pod job = pod("job", "node-3", true, false);
    job.getMetadata().getOwnerReferences().getFirst().setUid("job");
    milestones.pod(job);
    assertThat(reached).isEmpty();
  }

  @Test
  void podsOfOthersAreNoReplacements() {
    Pod stranger = pod("stranger", "node-3", true, false);
    stranger.getMetadata().setLabels(Map.of("app", "api"));
    milestones.pod(stranger);
    assertThat(reached).isEmpty();
  }

  @Test
  void aReplacementMayComeOfAnotherReplicaSetOfTheSameDeployment() {
    milestones.replicaSet(set("set", "deployment"));
    milestones.replicaSet(set("newer", "deployment"));
    milestones.pod(pod("old", "node-1", false, true));
    Pod fresh = pod("new", "node-3", true, false);
    fresh.getMetadata().getOwnerReferences().getFirst().setUid("newer");
    milestones.pod(fresh);
    assertThat(names()).contains(Milestone.REPLACEMENT_READY);
  }

  @Test
  void aStatefulSetsPodIsReplacedByOneOfItsName() {
    milestones.pod(pod("old", "node-1", false, true));
    milestones.podGone(pod("old", "node-1", false, true));
    Pod again = pod("old", "node-3", true, false);
    again.getMetadata().setUid("second");
    milestones.pod(again);
    assertThat(reached.getLast().milestone()).isEqualTo(Milestone.REPLACEMENT_READY);
    assertThat(reached.getLast().object().text()).isEqualTo("pod/s/old#second");
  }

  @Test
  void oneThatANodeRefusedLeavesThePlaceToTheNext() {
    milestones.pod(pod("old", "node-1", false, true));
    Pod refused = pod("refused", "node-3", false, false);
    milestones.pod(refused);
    refused.getStatus().setPhase("Failed");
    milestones.pod(refused);
    milestones.pod(refused);
    milestones.pod(pod("new", "node-3", true, false));
    assertThat(reached.getLast().milestone()).isEqualTo(Milestone.REPLACEMENT_READY);
    assertThat(reached.getLast().object().name()).isEqualTo("new");
  }

  @Test
  void afterALostWatchTheApiServersTimesTellWhoCameAfterWhom() {
    Pod early = pod("early", "node-3", true, false);
    early.getMetadata().setCreationTimestamp("2026-01-01T00:00:10Z");
    Pod late = pod("late", "node-3", true, false);
    late.getMetadata().setCreationTimestamp("2026-01-01T00:00:21Z");
    Pod old = pod("old", "node-1", false, true);
    old.getMetadata().setDeletionGracePeriodSeconds(30L); // told to go at 00:00:20
    milestones.pod(early);
    milestones.pod(late);
    milestones.pod(old);
    milestones.pod(early);
    milestones.pod(late);
    assertThat(reached.stream().filter(m -> m.milestone() == Milestone.REPLACEMENT_CREATED))
        .extracting(m -> m.object().name())
        .containsExactly("late");
  }

  @Test
  void aPodThatIsDeletedWithoutGraceIsEvictedToo() {
    milestones.podGone(pod("old", "node-1", true, false));
    milestones.pod(pod("new", null, false, false));
    assertThat(names())
        .containsExactly(
            Milestone.POD_EVICTED, Milestone.LEFTOVERS_GONE, Milestone.REPLACEMENT_CREATED);
  }

  private static ReplicaSet set(String uid, String deployment) {
    return new ReplicaSetBuilder()
        .withNewMetadata()
        .withUid(uid)
        .addNewOwnerReference()
        .withUid(deployment)
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }
}
