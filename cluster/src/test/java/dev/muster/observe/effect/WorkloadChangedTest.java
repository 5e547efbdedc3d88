package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.fault.WorkloadDeed;
import dev.muster.cluster.object.RolledOut;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.cluster.run.HandTime;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the controller did what was asked for, and not only that it was asked. */
@EnableKubernetesMockClient(crud = true)
class WorkloadChangedTest {
  private static final Map<String, String> RESTART = Map.of(WorkloadMark.RESTARTED, "muster-0a");
  private static final Map<String, String> ONE = Map.of(WorkloadMark.REPLICAS, "1");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final List<Duration> pauses = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private Runnable meanwhile = () -> {};

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private HasMetadata worker;

  @BeforeEach
  void workload() {
    worker = client.resource(RolledOut.deployment("worker", 3)).create();
  }

  @Test
  void aRolloutIsSeenWhenItsStatusSaysThatItIsComplete() throws InterruptedException {
    Effect effect = effect(RESTART, false);
    assertThat(effect.before()).isEmpty();
    assertThat(effect.seen()).as("nobody has begun one").isEmpty();
    apply(RESTART);
    tell(4, 2, 3);
    assertThat(effect.seen()).isEmpty();
    tell(3, 3, 3);
    pod("w1", "hash-2", "");
    assertThat(effect.seen().orElseThrow())
        .containsEntry("updated", "3")
        .containsEntry("revisionBefore", "4")
        .containsEntry("templates", "hash-2: 1")
        .containsEntry(WorkloadMark.RESTARTED, "muster-0a");
    assertThat(effect.again()).isInstanceOf(Effect.Lasts.class);
  }

  @Test
  void oneThatIsNotCompleteSaysWhatItWaitsFor() {
    Effect effect = effect(RESTART, false);
    assertThat(effect.unseen()).startsWith("Deployment/s/worker does not carry what the fault set");
    apply(RESTART);
    tell(4, 1, 3);
    pod(
        "w9",
        "hash-2",
        "containerStatuses: [{name: main, state: {waiting: {reason: ImagePullBackOff, message: no such image}}}]");
    assertThat(effect.unseen())
        .startsWith(
            "Deployment/s/worker was not rolled out: 1 of 3 updated, 3 old still there, 3 of 3"
                + " available; pod w9: ")
        .contains("ImagePullBackOff, no such image")
        .endsWith("; strategy RollingUpdate");
  }

  @Test
  void aScaleIsSeenWhenNobodyLeavesAnyMore() throws InterruptedException {
    Effect effect = effect(ONE, true);
    assertThat(effect.before()).isEmpty();
    apply(ONE);
    assertThat(effect.seen()).isEmpty();
    tell(1, 1, 1);
    Pod leaving = pod("w2", "hash-1", "");
    client.pods().resource(leaving).delete(); // its finalizer keeps it
    assertThat(effect.seen()).isEmpty();
    assertThat(effect.unseen()).contains("1 pods still leave");
    client
        .pods()
        .inNamespace("s")
        .withName("w2")
        .edit(p -> {
          p.getMetadata().setFinalizers(List.of());
          return p;
        });
    assertThat(effect.seen().orElseThrow()).containsEntry("replicas", "1");
  }

  @Test
  void itIsOverWhenTheFieldsAreBackOrSomebodyElseHasSetThem() throws InterruptedException {
    Effect effect = effect(ONE, true);
    WorkloadDeed deed = apply(ONE);
    assertThat(effect.again()).isInstanceOf(Effect.Lasts.class);
    Workloads.edit(client, Workloads.ref(worker), w -> Workloads.scale(w, 5));
    assertThat(effect.again())
        .isInstanceOfSatisfying(
            Effect.Over.class,
            over ->
                assertThat(over.evidence())
                    .containsEntry("left as somebody else set it", "replicas"));
    Workloads.edit(client, Workloads.ref(worker), w -> Workloads.scale(w, 1));
    deed.undo();
    assertThat(effect.again()).isEqualTo(new Effect.Over(Map.of("replicas", "3")));
    client.resource(worker).delete();
    assertThat(effect.again()).isInstanceOf(Effect.Over.class);
    assertThat(effect.unseen()).isEqualTo("Deployment/s/worker is gone");
  }

  @Test
  void aMarkThatIsGoneIsNoUndo() throws InterruptedException {
    Effect effect = effect(ONE, true);
    apply(ONE);
    Workloads.edit(
        client,
        Workloads.ref(worker),
        w -> {
          w.getMetadata().getLabels().remove(WorkloadMark.LABEL);
          w.getMetadata().getAnnotations().remove(WorkloadMark.BEFORE);
        });
    assertThat(effect.again()).isEqualTo(new Effect.Lasts(Map.of("replicas", "1")));
  }

  @Test
  void whatIsThereAlreadyOrUnderWayWouldProveNothing() throws InterruptedException {
    assertThat(effect(Map.of(WorkloadMark.REPLICAS, "3"), true).before().orElseThrow())
        .contains("has that already: {replicas=3}");
    tell(4, 2, 3);
    assertThat(effect(RESTART, false).before().orElseThrow())
        .contains("is being rolled out already, or not all of it is available: 2 of 3 updated");
    tell(3, 3, 3);
    apply(ONE);
    assertThat(effect(RESTART, false).before().orElseThrow())
        .contains("carries the label muster.dev/fault=0a already");
    client.resource(worker).delete();
    assertThat(effect(RESTART, false).before()).contains("Deployment/s/worker is gone");
  }

  /** As the second fault of one workload finds it: rolled back, and the controller is at it. */
  @Test
  void aRollbackThatIsUnderWayIsWaitedFor() throws InterruptedException {
    tell(4, 2, 3);
    meanwhile =
        () -> {
          if (pauses.size() == 3) {
            tell(3, 3, 3);
          }
        };
    assertThat(effect(RESTART, false).before()).isEmpty();
    assertThat(pauses).hasSize(3).containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void oneThatDoesNotEndIsWaitedForNoLongerThanTheFaultItself() throws InterruptedException {
    tell(4, 2, 3);
    assertThat(effect(RESTART, false).before().orElseThrow())
        .contains("is being rolled out already");
    assertThat(now).isEqualTo(Instant.EPOCH.plus(TIMEOUT));
  }

  @Test
  void whatAnotherFaultHasIsNotWaitedFor() throws InterruptedException {
    apply(RESTART);
    tell(4, 2, 3);
    assertThat(effect(ONE, true).before().orElseThrow()).contains("carries the label");
    assertThat(pauses).isEmpty();
  }

  private Effect effect(Map<String, String> fields, boolean scaled) {
    return new WorkloadChanged(
        client, worker, "0a", fields, scaled, new HandTime(() -> now, this::pause), TIMEOUT);
  }

  private void pause(Duration length) {
    pauses.add(length);
    now = now.plus(length);
    meanwhile.run();
  }

  private WorkloadDeed apply(Map<String, String> fields) {
    WorkloadDeed deed = new WorkloadDeed(client, worker, "0a", fields, Duration.ofMinutes(5));
    deed.apply();
    return deed;
  }

  private void tell(int replicas, int updated, int ready) {
    Workloads.edit(client, Workloads.ref(worker), w -> RolledOut.told(w, replicas, updated, ready));
  }

  private Pod pod(String name, String hash, String status) {
    return client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: s, labels: {app: worker, pod-template-hash: %s}, finalizers: [a/b]}
                spec: {containers: [{name: main}]}
                status: {phase: Pending, %s}
                """
                    .formatted(name, hash, status),
                Pod.class))
        .create();
  }
}
