package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodRevisionsTest {
  private final List<Event.PodSeen> seen = new ArrayList<>();
  private final PodRevisions revisions =
      new PodRevisions(InstantSource.fixed(Instant.EPOCH), e -> seen.add((Event.PodSeen) e));

  private List<String> told() {
    return seen.stream()
        .map(e ->
            "%s of %s %s %s"
                .formatted(
                    e.pod().name(), e.workload(), e.revision(), e.ready() ? "ready" : "not ready"))
        .toList();
  }

  @Test
  void aPodIsToldOnceAndThenOnlyWhereItsReadinessChanges() {
    revisions.pod(pod("w-5d9c7-x", "u1", "False", ""));
    revisions.pod(pod("w-5d9c7-x", "u1", "False", ""));
    revisions.pod(pod("w-5d9c7-x", "u1", "True", ""));
    revisions.pod(pod("w-5d9c7-x", "u1", "True", ""));
    revisions.podGone(pod("w-5d9c7-x", "u1", "True", ""));
    assertThat(told())
        .containsExactly(
            "w-5d9c7-x of Deployment/s/w 5d9c7 not ready",
            "w-5d9c7-x of Deployment/s/w 5d9c7 ready",
            "w-5d9c7-x of Deployment/s/w 5d9c7 not ready");
  }

  @Test
  void whoIsToldToGoIsNotReadyHoweverItsProbeGoesOn() {
    revisions.pod(pod("w-5d9c7-x", "u1", "True", ""));
    revisions.pod(pod("w-5d9c7-x", "u1", "True", "deletionTimestamp: '2026-01-01T00:00:00Z'"));
    revisions.podGone(pod("w-5d9c7-x", "u1", "True", ""));
    assertThat(told())
        .containsExactly(
            "w-5d9c7-x of Deployment/s/w 5d9c7 ready",
            "w-5d9c7-x of Deployment/s/w 5d9c7 not ready");
  }

  @Test
  void aStatefulSetsNextPodIsAnother() {
    revisions.pod(statefulPod("u1", "etcd-7f"));
    revisions.pod(statefulPod("u2", "etcd-8a"));
    assertThat(told())
        .containsExactly(
            "etcd-0 of StatefulSet/s/etcd etcd-7f ready",
            "etcd-0 of StatefulSet/s/etcd etcd-8a ready");
    assertThat(seen.getLast().pod().uid()).isEqualTo("u2");
    assertThat(seen.getLast().workload().uid()).isEqualTo("o");
  }

  /** Somebody may make a ReplicaSet without a Deployment, and label its pods. */
  @Test
  void aReplicaSetOfNoDeploymentIsAWorkloadItself() {
    revisions.pod(
        Serialization.unmarshal(
            """
            metadata:
              {name: p, namespace: s, uid: u, labels: {pod-template-hash: mine},
               ownerReferences: [{kind: ReplicaSet, name: alone, uid: o, controller: true}]}
            spec: {}
            """,
            Pod.class));
    assertThat(told()).containsExactly("p of ReplicaSet/s/alone mine not ready");
  }

  @Test
  void podsWithoutARevisionOrAnOwnerAreNotTold() {
    for (String metadata :
        List.of(
            "{name: p, namespace: s, uid: u}",
            "{name: p, namespace: s, uid: u, labels: {pod-template-hash: a}}",
            "{name: p, namespace: s, uid: u, ownerReferences: [{kind: Job, name: j, uid: o}]}")) {
      Pod pod = Serialization.unmarshal("metadata: " + metadata + "\nspec: {}\n", Pod.class);
      revisions.pod(pod);
      revisions.podGone(pod);
    }
    assertThat(told()).isEmpty();
  }

  @Test
  void whatIsToldAfterAGapIsAsUncertainAsTheGap() {
    revisions.within(
        Duration.ofSeconds(8), () -> revisions.pod(pod("w-5d9c7-x", "u1", "False", "")));
    assertThat(seen.getLast().stamp().uncertainty()).hasSeconds(8);
    revisions.within(Duration.ofMillis(1), () -> revisions.pod(pod("w-5d9c7-x", "u1", "True", "")));
    assertThat(seen.getLast().stamp().uncertainty()).hasMillis(500);
  }

  private static Pod pod(String name, String uid, String ready, String more) {
    return Serialization.unmarshal(
        """
        metadata:
          name: %s
          namespace: s
          uid: %s
          labels: {app: w, pod-template-hash: 5d9c7}
          ownerReferences: [{kind: ReplicaSet, name: w-5d9c7, uid: o, controller: true}]
          %s
        spec: {}
        status: {conditions: [{type: Ready, status: "%s"}]}
        """
            .formatted(name, uid, more, ready),
        Pod.class);
  }

  private static Pod statefulPod(String uid, String revision) {
    return Serialization.unmarshal(
        """
        metadata:
          name: etcd-0
          namespace: s
          uid: %s
          labels: {controller-revision-hash: %s}
          ownerReferences: [{kind: StatefulSet, name: etcd, uid: o, controller: true}]
        spec: {}
        status: {conditions: [{type: Ready, status: "True"}]}
        """
            .formatted(uid, revision),
        Pod.class);
  }
}
