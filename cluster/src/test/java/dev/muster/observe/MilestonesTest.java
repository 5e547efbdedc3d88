package dev.muster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MilestonesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
  private static final Instant RENEWED = Instant.parse("2026-01-01T00:00:10Z");

  private final List<Event.MilestoneReached> reached = new ArrayList<>();
  private final List<String> started = new ArrayList<>();
  private final Milestones milestones =
      new Milestones(
          Map.of("app", "worker"),
          InstantSource.fixed(NOW),
          e -> reached.add((Event.MilestoneReached) e),
          pod -> started.add(pod.getMetadata().getName()));

  @BeforeEach
  void beforeTheFault() {
    milestones.lease("node-1", RENEWED);
    milestones.pod(pod("old", "node-1", true, false));
    milestones.pod(pod("other", "node-2", true, false));
    milestones.slice(slice("old", true));
    milestones.live();
    milestones.victimNode(new ObjectRef.Node("node-1", null));
  }

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
    assertThat(reached.get(2).detail()).containsEntry("replaces", "old");
    assertThat(reached.get(3).detail()).containsEntry("node", "node-3");
    assertThat(started).containsExactly("new");
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
  void podsOfOthersAreNoReplacements() {
    Pod stranger = pod("stranger", "node-3", true, false);
    stranger.getMetadata().setLabels(Map.of("app", "api"));
    milestones.pod(stranger);
    assertThat(reached).isEmpty();
  }

  @Test
  void endpointsAreRemovedAndAddedByPod() {
    milestones.slice(slice("old", false));
    milestones.pod(pod("new", "node-3", true, false));
    reached.clear();
    milestones.slice(slice("new", true));
    milestones.slice(slice("old", true));
    assertThat(reached)
        .extracting(m -> m.detail().get("pod"))
        .containsExactly("pod/s/new", "pod/s/old");
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
  void aPodThatIsDeletedWithoutGraceIsEvictedToo() {
    milestones.podGone(pod("old", "node-1", true, false));
    milestones.pod(pod("new", null, false, false));
    assertThat(names())
        .containsExactly(
            Milestone.POD_EVICTED, Milestone.LEFTOVERS_GONE, Milestone.REPLACEMENT_CREATED);
  }

  @Test
  void aSecondVictimIsToldApart() {
    milestones.victimNode(new ObjectRef.Node("node-2", null));
    milestones.node(node("node-2", false));
    milestones.pod(pod("other", "node-2", false, true));
    assertThat(reached).extracting(m -> m.object().path()).contains("node/node-2", "pod/s/other");
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

  private static Pod restarted(
      String name, int restarts, @org.jspecify.annotations.Nullable String ended) {
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

  @Test
  void readsHaproxysStatistics() {
    String row = "envoys,node-1" + ",".repeat(16) + "UP 1/2,";
    assertThat(ClusterWatch.serverUp("# pxname,svname\n" + row, "node-1")).contains(true);
    assertThat(ClusterWatch.serverUp(row.replace("UP 1/2", "DOWN"), "node-1")).contains(false);
    assertThat(ClusterWatch.serverUp(row, "node-2")).isEmpty();
  }

  private List<Milestone> names() {
    return reached.stream().map(Event.MilestoneReached::milestone).toList();
  }

  private static Node node(String name, boolean ready, String... taints) {
    var builder =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .withNewStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus(ready ? "True" : "Unknown")
            .endCondition()
            .endStatus();
    for (String effect : taints) {
      builder
          .editSpec()
          .addNewTaint()
          .withKey("node.kubernetes.io/unreachable")
          .withEffect(effect)
          .endTaint()
          .endSpec();
    }
    return builder.build();
  }

  private static Pod pod(
      String name, @org.jspecify.annotations.Nullable String node, boolean ready, boolean leaving) {
    var builder =
        new PodBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace("s")
            .withLabels(Map.of("app", "worker"))
            .withDeletionTimestamp(leaving ? "2026-01-01T00:00:50Z" : null)
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .endSpec()
            .withNewStatus()
            .addNewCondition()
            .withType("Ready")
            .withStatus(ready ? "True" : "False")
            .endCondition()
            .endStatus();
    if (ready) {
      builder
          .editStatus()
          .addNewContainerStatus()
          .withNewState()
          .withNewRunning()
          .endRunning()
          .endState()
          .endContainerStatus()
          .endStatus();
    }
    return builder.build();
  }

  private static EndpointSlice slice(String pod, boolean ready) {
    return new EndpointSliceBuilder()
        .withNewMetadata()
        .withName("worker-x")
        .withNamespace("s")
        .withLabels(Map.of("kubernetes.io/service-name", "worker"))
        .endMetadata()
        .addNewEndpoint()
        .withNewTargetRef()
        .withName(pod)
        .endTargetRef()
        .withNewConditions()
        .withReady(ready)
        .endConditions()
        .endEndpoint()
        .build();
  }
}
