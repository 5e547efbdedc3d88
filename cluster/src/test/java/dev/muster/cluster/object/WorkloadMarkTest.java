package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadMarkTest {
  private static final String SIDE = WorkloadMark.image("side");

  private final Deployment worker = RolledOut.deployment("worker", 3);
  private final Deployment before = RolledOut.deployment("worker", 3);

  @ParameterizedTest
  @ValueSource(strings = {WorkloadMark.RESTARTED, WorkloadMark.REPLICAS, "image of side"})
  void whatIsPutIsTakenBackToTheLetter(String field) {
    WorkloadMark.put(worker, "0a", Map.of(field, "7"));
    assertThat(WorkloadMark.of(worker)).contains("0a");
    assertThat(WorkloadMark.holds(worker, Map.of(field, "7"))).isTrue();
    assertThat(text(worker)).isNotEqualTo(text(before));
    assertThat(WorkloadMark.takeBack(worker)).isEmpty();
    assertThat(WorkloadMark.of(worker)).isEmpty();
    assertThat(text(worker)).isEqualTo(text(before));
  }

  @Test
  void annotationsAndLabelsOfOthersStay() {
    var set = RolledOut.statefulSet("worker", 3, "{}");
    WorkloadMark.put(set, "0a", Map.of(WorkloadMark.RESTARTED, "x"));
    assertThat(set.getSpec().getTemplate().getMetadata().getAnnotations())
        .isEqualTo(Map.of("a", "b", WorkloadMark.RESTARTED, "x"));
    WorkloadMark.takeBack(set);
    assertThat(set.getSpec().getTemplate().getMetadata().getAnnotations())
        .isEqualTo(Map.of("a", "b"));
    assertThat(set.getMetadata().getLabels()).isEqualTo(Map.of("app", "worker"));
  }

  /** A restart of before comes back, and is not taken away. */
  @Test
  void whatWasThereBeforeIsPutBack() {
    WorkloadMark.put(worker, "0a", Map.of(WorkloadMark.RESTARTED, "first"));
    WorkloadMark.takeBack(worker);
    worker
        .getSpec()
        .getTemplate()
        .getMetadata()
        .setAnnotations(Map.of(WorkloadMark.RESTARTED, "1"));
    WorkloadMark.put(worker, "0b", Map.of(WorkloadMark.RESTARTED, "2"));
    WorkloadMark.takeBack(worker);
    assertThat(WorkloadMark.read(worker, WorkloadMark.RESTARTED)).isEqualTo("1");
  }

  @Test
  void whatSomebodyElseHasSetSinceStaysAndIsTold() {
    WorkloadMark.put(worker, "0a", Map.of(SIDE, "side:2", WorkloadMark.REPLICAS, "1"));
    worker.getSpec().getTemplate().getSpec().getContainers().getLast().setImage("side:3");
    assertThat(WorkloadMark.holds(worker, Map.of(SIDE, "side:2"))).isFalse();
    assertThat(WorkloadMark.takeBack(worker))
        .isEqualTo(List.of("image of side is side:3, which somebody else has set"));
    assertThat(WorkloadMark.read(worker, SIDE)).isEqualTo("side:3");
    assertThat(Workloads.replicas(worker)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no json",
        "{}",
        "[1]",
        "[{\"fault\": \"0a\", \"field\": \"replicas\", \"before\": \"many\", \"set\": \"3\"}]",
        "[{\"fault\": \"0a\", \"field\": \"replicas\", \"set\": \"3\"}]",
        "[{\"fault\": \"0a\", \"field\": \"spec\", \"before\": null, \"set\": \"3\"}]",
        "[{\"fault\": \"0a\", \"field\": \"replicas\", \"before\": \"1\", \"set\": \"3\"}, {\"fault\": \"0a\", \"field\": \"spec\"}]",
        "[{\"fault\": \"0b\", \"field\": \"replicas\", \"before\": \"1\", \"set\": \"3\"}]"
      })
  void whatMusterDidNotWriteIsLeftToAPersonWithItsLabel(String annotation) {
    worker.getMetadata().setLabels(Map.of("app", "worker", WorkloadMark.LABEL, "0a"));
    worker.getMetadata().getAnnotations().put(WorkloadMark.BEFORE, annotation);
    String asItWas = text(worker);
    assertThat(WorkloadMark.takeBack(worker))
        .isEqualTo(WorkloadMark.byHand(worker).stream().toList())
        .singleElement()
        .asString()
        .startsWith("Deployment/s/worker has the label muster.dev/fault=0a and no readable")
        .contains("put it back by hand");
    assertThat(text(worker)).isEqualTo(asItWas);
  }

  @Test
  void nothingIsToBeDoneByHandWhereMusterCan() {
    assertThat(WorkloadMark.byHand(worker)).as("without a label").isEmpty();
    WorkloadMark.put(worker, "0a", Map.of(SIDE, "side:2"));
    assertThat(WorkloadMark.byHand(worker)).isEmpty();
    worker.getMetadata().getAnnotations().remove(WorkloadMark.BEFORE);
    assertThat(WorkloadMark.byHand(worker)).isPresent();
  }

  /** The annotation that an older ReplicaSet had is not this fault's. */
  @Test
  void whoDidItNeedsNoAnnotation() {
    for (String other :
        new String[] {
          "",
          "[{\"fault\": \"00\", \"field\": \"image of side\", \"before\": \"x:0\", \"set\": \"side:2\"}]"
        }) {
      WorkloadMark.put(worker, "0a", Map.of(SIDE, "side:2"));
      worker.getMetadata().getAnnotations().put(WorkloadMark.BEFORE, other);
      assertThat(WorkloadMark.takeBack(worker, before, Map.of(SIDE, "side:2"))).isEmpty();
      assertThat(text(worker)).isEqualTo(text(before));
    }
  }

  private static String text(HasMetadata workload) {
    return Serialization.asYaml(workload);
  }
}
