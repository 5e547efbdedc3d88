package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
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
  private final List<Event.VictimHosts> hosts = new ArrayList<>();
  private final List<String> started = new ArrayList<>();
  private final Milestones milestones =
      new Milestones(
          Map.of("app", "worker"),
          InstantSource.fixed(NOW),
          this::accept,
          pod -> started.add(pod.getMetadata().getName()));

  private void accept(Event event) {
    switch (event) {
      case Event.MilestoneReached e -> reached.add(e);
      case Event.VictimHosts e -> hosts.add(e);
      default -> throw new AssertionError(event);
    }
  }

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
  void podsOfOthersAreNoReplacements() {
    Pod stranger = pod("stranger", "node-3", true, false);
    stranger.getMetadata().setLabels(Map.of("app", "api"));
    milestones.pod(stranger);
    assertThat(reached).isEmpty();
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
    assertThat(LoadBalancer.serverUp("# pxname,svname\n" + row, "node-1")).contains(true);
    assertThat(LoadBalancer.serverUp(row.replace("UP 1/2", "DOWN"), "node-1")).contains(false);
    assertThat(LoadBalancer.serverUp(row, "node-2")).isEmpty();
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
            .withUid(name)
            .addNewOwnerReference()
            .withKind("ReplicaSet")
            .withName("set")
            .withUid("set")
            .withController(true)
            .endOwnerReference()
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
        .withUid(pod)
        .endTargetRef()
        .withNewConditions()
        .withReady(ready)
        .endConditions()
        .endEndpoint()
        .build();
  }
}
