package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.audit.Residue;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.RolledOut;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.time.RealTime;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class WorkloadDeedTest {
  private static final Map<String, String> RESTART = Map.of(WorkloadMark.RESTARTED, "muster-0a");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set before each test
  private HasMetadata worker;

  @BeforeEach
  void workloads() {
    worker = client.resource(RolledOut.deployment("worker", 3)).create();
  }

  @Test
  void theJournalHasWhatWasThereBefore() {
    assertThat(deed(worker, Map.of(WorkloadMark.image("side"), "side:2")).identity())
        .containsEntry("by", "label muster.dev/fault=0a")
        .containsEntry("workload", "Deployment/s/worker#" + worker.getMetadata().getUid())
        .containsEntry("image of side before", "side:1")
        .doesNotContainKey("node");
    assertThat(deed(worker, RESTART).identity())
        .containsEntry("kubectl.kubernetes.io/restartedAt before", "");
  }

  @Test
  void theTemplateIsAnotherUntilTheUndoWhichMayBeRepeated() {
    for (HasMetadata each :
        List.of(
            worker,
            (HasMetadata) client.resource(RolledOut.statefulSet("group", 2, "{}")).create())) {
      WorkloadDeed deed = deed(each, RESTART);
      deed.undo(); // before anything was done
      assertThat(deed.undone()).isTrue();
      deed.apply();
      assertThat(deed.undone()).isFalse();
      assertThat(read(each, WorkloadMark.RESTARTED)).isEqualTo("muster-0a");
      assertThat(WorkloadMark.of(now(each))).contains("0a");
      deed.undo();
      deed.undo();
      assertThat(deed.undone()).isTrue();
      assertThat(read(each, WorkloadMark.RESTARTED)).isNull();
      assertThat(new Residue(client, null, RealTime.TIME).look()).isEmpty();
    }
  }

  @Test
  void replicasAreAsManyAsBefore() {
    WorkloadDeed deed = deed(worker, Map.of(WorkloadMark.REPLICAS, "1"));
    deed.apply();
    assertThat(Workloads.replicas(now(worker))).isEqualTo(1);
    deed.undo();
    assertThat(Workloads.replicas(now(worker))).isEqualTo(3);
  }

  @Test
  void whatSomebodyElseHasSetMeanwhileStays() {
    WorkloadDeed deed = deed(worker, Map.of(WorkloadMark.REPLICAS, "1"));
    deed.apply();
    Workloads.edit(client, Workloads.ref(worker), w -> Workloads.scale(w, 5));
    deed.undo();
    assertThat(deed.undone()).isTrue();
    assertThat(Workloads.replicas(now(worker))).isEqualTo(5);
  }

  /** As {@code kubectl rollout undo} does with the annotations, and anybody may with the label. */
  @Test
  void whoTakesTheMarkAwayLeavesTheUndoToDo() {
    for (String gone : List.of("annotation", "label", "both")) {
      WorkloadDeed deed = deed(worker, Map.of(WorkloadMark.REPLICAS, "1"));
      deed.apply();
      Workloads.edit(
          client,
          Workloads.ref(worker),
          w -> {
            if (!gone.equals("label")) {
              w.getMetadata().getAnnotations().remove(WorkloadMark.BEFORE);
            }
            if (!gone.equals("annotation")) {
              w.getMetadata().getLabels().remove(WorkloadMark.LABEL);
            }
          });
      assertThat(deed.undone()).as(gone).isFalse();
      deed.undo();
      assertThat(Workloads.replicas(now(worker))).as(gone).isEqualTo(3);
      assertThat(deed.undone()).as(gone).isTrue();
      assertThat(Pods.annotations(now(worker))).doesNotContainKey(WorkloadMark.BEFORE);
      assertThat(WorkloadMark.of(now(worker))).isEmpty();
    }
  }

  @Test
  void twoFaultsOfOneWorkloadDoNotMix() {
    deed(worker, RESTART).apply();
    WorkloadDeed other =
        new WorkloadDeed(
            client, worker, "0b", Map.of(WorkloadMark.REPLICAS, "1"), Duration.ofMinutes(1));
    assertThatThrownBy(other::apply)
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("carries the label muster.dev/fault=0a already");
    other.undo();
    assertThat(WorkloadMark.of(now(worker))).contains("0a");
    assertThat(Workloads.replicas(now(worker))).isEqualTo(3);
  }

  @Test
  void anotherOfTheSameNameIsLeftAlone() {
    WorkloadDeed deed = deed(worker, RESTART);
    deed.apply();
    client.resource(worker).delete();
    assertThat(deed.undone()).as("it went with the workload").isTrue();
    HasMetadata other = client.resource(RolledOut.deployment("worker", 3)).create();
    Workloads.edit(client, Workloads.ref(other), w -> WorkloadMark.put(w, "0a", RESTART));
    deed.undo();
    assertThat(read(other, WorkloadMark.RESTARTED)).isEqualTo("muster-0a");
    assertThatThrownBy(deed::apply)
        .isInstanceOf(ClusterException.class)
        .hasMessage("Deployment/s/worker is gone");
  }

  private WorkloadDeed deed(HasMetadata workload, Map<String, String> fields) {
    return new WorkloadDeed(client, workload, "0a", fields, Duration.ofMinutes(5));
  }

  private HasMetadata now(HasMetadata workload) {
    return Workloads.now(client, Workloads.ref(workload)).orElseThrow();
  }

  private @org.jspecify.annotations.Nullable String read(HasMetadata workload, String field) {
    return WorkloadMark.read(now(workload), field);
  }
}
