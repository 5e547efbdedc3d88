package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of the victim itself: node, pods, endpoints, load balancer. */
class MilestonesTest extends MilestonesWorld {
  @Test
  void whatWasThereBeforeIsNoMilestone() {
    milestones.pod(pod("other", "node-2", true, false));
    milestones.slice(slice("old", true));
    milestones.node(node("node-1", true));
    assertThat(reached).isEmpty();
  }

  @Test
  void theLastLeaseHasTheTimeAtWhichItWasSeenAndItsOwn() {
    milestones.lease("node-1", RENEWED);
    milestones.node(node("node-1", false));
    assertThat(names()).containsExactly(Milestone.LAST_LEASE, Milestone.NODE_NOT_READY);
    assertThat(reached.getFirst().stamp())
        .as("it was there before, and may be as old as it says")
        .isEqualTo(new Stamp(NOW, "node", RENEWED, Duration.between(RENEWED, NOW)));
    assertThat(reached.getLast().detail()).containsEntry("status", "Unknown");
  }

  @Test
  void aNodeIsBackOnlyAfterItWasLost() {
    milestones.node(node("node-1", true));
    milestones.node(node("node-1", false));
    milestones.node(node("node-1", true, "NoExecute"));
    assertThat(names())
        .containsExactly(
            Milestone.LAST_LEASE,
            Milestone.NODE_NOT_READY,
            Milestone.TAINT_NO_EXECUTE,
            Milestone.NODE_READY);
  }

  @Test
  void otherNodesDoNotMatter() {
    milestones.node(node("node-2", false));
    assertThat(reached).isEmpty();
  }

  @Test
  void whatIsOnTheVictimIsReadWhenItIsDisturbed() {
    assertThat(hosts.getLast().pods()).extracting(ObjectRef::text).containsExactly("pod/s/old#old");

    Pod moved = pod("moved", "node-4", true, false);
    milestones.pod(moved);
    milestones.podGone(pod("old", "node-1", true, false));
    milestones.victimNode(new ObjectRef.Node("node-1", null));
    assertThat(hosts.getLast().pods()).isEmpty();
  }

  @Test
  void aPodOfTheSameNameInAnotherNamespaceIsNotTheVictim() {
    milestones.victimPod(new ObjectRef.Pod("elsewhere", "other", "other"));
    milestones.pod(pod("other", "node-2", false, true));
    assertThat(reached).isEmpty();
  }

  @Test
  void everyMilestoneOfAnObjectIsSaidOnce() {
    milestones.pod(pod("old", "node-1", false, true));
    milestones.pod(pod("old", "node-1", false, true));
    milestones.node(node("node-1", false));
    milestones.node(node("node-1", false));
    assertThat(names()).doesNotHaveDuplicates();
  }

  @Test
  void endpointsAreRemovedAndAddedByPod() {
    milestones.slice(slice("old", false));
    milestones.pod(pod("old", "node-1", false, true));
    milestones.pod(pod("new", "node-3", true, false));
    reached.clear();
    milestones.slice(slice("new", true));
    milestones.slice(slice("old", true));
    assertThat(reached)
        .extracting(m -> m.detail().get("pod"))
        .containsExactly("pod/s/new#new", "pod/s/old#old");
    assertThat(names()).containsOnly(Milestone.ENDPOINT_ADDED);
  }

  @Test
  void leftoversAreGoneWithTheLastTerminatingPod() {
    milestones.pod(pod("old", "node-1", false, true));
    reached.clear();
    milestones.podGone(pod("old", "node-1", false, true));
    assertThat(names()).containsExactly(Milestone.LEFTOVERS_GONE);
  }

  @Test
  void theLoadBalancerDropsAndTakesTheNode() {
    milestones.loadBalancer(new ObjectRef.Node("node-1", null), true);
    milestones.loadBalancer(new ObjectRef.Node("node-1", null), false);
    milestones.loadBalancer(new ObjectRef.Node("node-1", null), false);
    milestones.loadBalancer(new ObjectRef.Node("node-1", null), true);
    assertThat(names())
        .containsExactly(Milestone.LOAD_BALANCER_REMOVED, Milestone.LOAD_BALANCER_ADDED);
  }

  @Test
  void aNodeThatRunsShortOfMemorySaysSoAndWhenItIsOver() {
    milestones.node(under("MemoryPressure", "False"));
    milestones.node(under("MemoryPressure", "True"));
    milestones.node(under("MemoryPressure", "False"));
    assertThat(names()).containsExactly(Milestone.MEMORY_PRESSURE, Milestone.MEMORY_PRESSURE_GONE);
  }

  @Test
  void aContainerThatIsKilledComesBackInTheSamePod() {
    milestones.victimPod(new ObjectRef.Pod("s", "other", null));
    milestones.pod(restarted("other", 0, "OOMKilled"));
    milestones.pod(restarted("other", 1, null));
    assertThat(names())
        .containsExactly(
            Milestone.CONTAINER_ENDED,
            Milestone.OOM_KILLED,
            Milestone.POD_NOT_READY,
            Milestone.CONTAINER_RESTARTED,
            Milestone.POD_READY_AGAIN);
  }

  @Test
  void aSecondVictimIsToldApart() {
    milestones.victimNode(new ObjectRef.Node("node-2", null));
    milestones.node(node("node-2", false));
    milestones.pod(pod("other", "node-2", false, true));
    assertThat(reached).extracting(m -> m.object().path()).contains("node/node-2", "pod/s/other");
  }

  @Test
  void readsHaproxysStatistics() {
    String row = "envoys,node-1" + ",".repeat(16) + "UP 1/2,";
    assertThat(LoadBalancer.serverUp("# pxname,svname\n" + row, "node-1")).contains(true);
    assertThat(LoadBalancer.serverUp(row.replace("UP 1/2", "DOWN"), "node-1")).contains(false);
    assertThat(LoadBalancer.serverUp(row, "node-2")).isEmpty();
  }

  private static Node under(String condition, String status) {
    return new NodeBuilder(node("node-1", true))
        .editStatus()
        .addNewCondition()
        .withType(condition)
        .withStatus(status)
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod restarted(String name, int restarts, @Nullable String ended) {
    var builder = new PodBuilder(pod(name, "node-2", ended == null, false));
    builder.editStatus().withContainerStatuses(List.of()).endStatus();
    var status = builder.editStatus().addNewContainerStatus().withRestartCount(restarts);
    if (ended == null) {
      status.withNewState().withNewRunning().endRunning().endState();
    } else {
      status.withNewState().withNewTerminated().withReason(ended).endTerminated().endState();
    }
    return status.endContainerStatus().endStatus().build();
  }
}
