package dev.muster.observe.watch;

import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes with a pod each, of which the first is about to be the victim. */
abstract class MilestonesWorld {
  static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");
  static final Instant RENEWED = Instant.parse("2026-01-01T00:00:10Z");

  final List<Event.MilestoneReached> reached = new ArrayList<>();
  final List<Event.VictimHosts> hosts = new ArrayList<>();
  final List<String> started = new ArrayList<>();
  final Milestones milestones =
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

  List<Milestone> names() {
    return reached.stream().map(Event.MilestoneReached::milestone).toList();
  }

  static Node node(String name, boolean ready, String... taints) {
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

  static Pod pod(String name, @Nullable String node, boolean ready, boolean leaving) {
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

  static EndpointSlice slice(String pod, boolean ready) {
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
