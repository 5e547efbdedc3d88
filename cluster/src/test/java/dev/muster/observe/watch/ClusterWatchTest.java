package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.Drill;
import dev.muster.hostile.HostileApi;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watches of a run while its API server misbehaves. */
@Timeout(60)
class ClusterWatchTest {
  private static final ListWatch.Limits LIMITS =
      new ListWatch.Limits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofSeconds(20),
          Duration.ofMillis(20));

  private final HostileApi api = new HostileApi();
  private final KubernetesClient client = ListWatchTest.client(api, Duration.ofSeconds(2));
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<Event> events = new CopyOnWriteArrayList<>();

  ClusterWatchTest() throws IOException {
    api.put(node("True"))
        .put(
            new LeaseBuilder()
                .withNewMetadata()
                .withName("n1")
                .withNamespace("kube-node-lease")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    api.close();
  }

  private static Node node(String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("n1")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  private ClusterWatch open(ListWatch.Limits limits) {
    return new ClusterWatch(
        client,
        client,
        new Drill.Target("s", Map.of("app", "worker"), ""),
        null,
        now::get,
        events::add,
        limits);
  }

  private <T extends Event> Optional<T> first(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private List<String> lost() {
    return events.stream()
        .filter(Event.ObservationLost.class::isInstance)
        .map(e -> ((Event.ObservationLost) e).what())
        .toList();
  }

  private List<String> resumed() {
    return events.stream()
        .filter(Event.ObservationResumed.class::isInstance)
        .map(e -> ((Event.ObservationResumed) e).what())
        .toList();
  }

  @Test
  void whatHappensWhileTheServerIsAwayIsToldAfterwardsAndIsAsUncertainAsTheGap()
      throws IOException {
    try (ClusterWatch watch = open(LIMITS)) {
      watch.victimNode(new ObjectRef.Node("n1", null));
      assertThat(watch.nodeStates()).isEqualTo("n1");
      api.down();
      await().until(() -> lost().contains("api-server") && lost().contains("watch of Node"));
      now.updateAndGet(n -> n.plusSeconds(8));
      api.put(node("False"));
      api.up();
      await().until(() -> first(Event.MilestoneReached.class).isPresent());
      Event.MilestoneReached reached = first(Event.MilestoneReached.class).orElseThrow();
      assertThat(reached.milestone()).isEqualTo(Milestone.NODE_NOT_READY);
      assertThat(reached.stamp().uncertainty()).isEqualTo(Duration.ofSeconds(8));
      await().until(() -> resumed().containsAll(lost()));
      assertThat(lost())
          .containsExactlyInAnyOrder(
              "api-server",
              "watch of Lease",
              "watch of Node",
              "watch of Pod",
              "watch of ReplicaSet",
              "watch of Deployment",
              "watch of StatefulSet",
              "watch of EndpointSlice");
      assertThat(watch.nodeStates()).isEqualTo("n1 NOT READY");
    }
  }

  @Test
  void podsAreToldWithTheirRevisionsAndWhenTheirReadinessChanges() {
    api.put(pod("False"));
    try (ClusterWatch _ = open(LIMITS)) {
      assertThat(seen()).containsExactly("w of StatefulSet/s/w-set 1 false");
      api.put(pod("True"));
      await().until(() -> seen().size() == 2);
      assertThat(seen()).last().isEqualTo("w of StatefulSet/s/w-set 1 true");
    }
  }

  /** Writing an event may take its time; what is measured does not wait for it. */
  @Test
  void milestonesGoOnWhileAPodIsTold() {
    api.put(pod("False"));
    AtomicReference<ClusterWatch> watch = new AtomicReference<>();
    List<Boolean> free = new CopyOnWriteArrayList<>();
    Consumer<Event> timeline =
        event -> {
          ClusterWatch told = watch.get();
          if (event instanceof Event.PodSeen && told != null) {
            free.add(takesAVictim(told));
          }
        };
    var target = new Drill.Target("s", Map.of("app", "worker"), "");
    try (ClusterWatch opened =
        new ClusterWatch(client, client, target, null, now::get, timeline, LIMITS)) {
      watch.set(opened);
      api.put(pod("True"));
      await().until(() -> !free.isEmpty());
    }
    assertThat(free).first().isEqualTo(true);
  }

  /** Asked by another thread. */
  private static boolean takesAVictim(ClusterWatch watch) {
    CountDownLatch taken = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          watch.victimNode(new ObjectRef.Node("n9", null));
          taken.countDown();
        });
    try {
      return taken.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<String> seen() {
    return events.stream()
        .filter(Event.PodSeen.class::isInstance)
        .map(Event.PodSeen.class::cast)
        .map(e -> e.pod().name() + " of " + e.workload() + " " + e.revision() + " " + e.ready())
        .toList();
  }

  private static Pod pod(String ready) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: w
          namespace: s
          labels: {controller-revision-hash: "1"}
          ownerReferences: [{kind: StatefulSet, name: w-set, uid: o, controller: true}]
        spec: {}
        status: {conditions: [{type: Ready, status: "%s"}]}
        """
            .formatted(ready),
        Pod.class);
  }

  /** Nothing is closed, nothing comes: only the look at the server itself notices. */
  @Test
  void aServerThatHangsIsNoticedAndTheWatchesBeginAnew() {
    try (ClusterWatch _ = open(LIMITS)) {
      api.freeze();
      await().until(() -> lost().contains("api-server") && lost().contains("watch of Node"));
      api.thaw();
      await().until(() -> resumed().containsAll(lost()));
    }
  }

  @Test
  void aServerWhoseWatchesNeverSpeakIsRefusedAndNothingIsLeftRunning() {
    api.when("GET .*\\?watch", api.neverSpeaks());
    var limits =
        new ListWatch.Limits(
            Duration.ofMillis(400),
            Duration.ofSeconds(1),
            Duration.ofMillis(300),
            Duration.ofMillis(20));
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> open(limits).close())
        .withMessageContaining("nothing came for 400ms");
    assertThat(api.asked()).doesNotContain("GET /livez");
    assertThat(events).isEmpty();
  }

  @Test
  void nothingIsToldAfterItWasClosed() throws IOException {
    open(LIMITS).close();
    api.down();
    assertThat(events).isEmpty();
  }
}
