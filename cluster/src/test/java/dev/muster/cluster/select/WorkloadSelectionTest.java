package dev.muster.cluster.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.object.RolledOut;
import dev.muster.cluster.object.Workloads;
import dev.muster.cluster.preflight.Stage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadSelectionTest {
  private final Stage stage = Stage.ofThree();
  private final List<HasMetadata> there = new ArrayList<>();

  @BeforeEach
  void workloads() {
    there.add(RolledOut.deployment("worker", 3, "app: worker, tier: back"));
    there.add(RolledOut.deployment("api", 2, "app: api, tier: front"));
    there.add(RolledOut.statefulSet("etcd", 3, "{}"));
    stage.pod("w1", "worker", "node-1").pod("a1", "api", "node-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | Deployment/s/worker",
        "{labelSelectors: {app: api}} | Deployment/s/api",
        "{labelSelectors: {app: etcd}} | StatefulSet/s/etcd",
        "{expressionSelectors: [{key: tier, operator: Exists}]} | Deployment/s/api Deployment/s/worker",
        "{annotationSelectors: {deployment.kubernetes.io/revision: '4'}} | Deployment/s/api Deployment/s/worker",
        "{fieldSelectors: {metadata.name: etcd}} | StatefulSet/s/etcd",
        "{namespaces: [s]} | Deployment/s/api Deployment/s/worker StatefulSet/s/etcd",
      })
  void theyAreMeantByTheirOwnLabels(String selector, String paths) {
    assertThat(all(selector, "")).containsExactlyInAnyOrder(paths.split(" "));
  }

  @Test
  void oneIsTakenByChanceAndAlwaysTheSame() {
    List<String> first =
        choose("{kind: Rollout, duration: 1m, ttl: 6m, selector: {namespaces: [s]}}", "");
    assertThat(first).hasSize(1);
    assertThat(choose("{kind: Rollout, duration: 1m, ttl: 6m, selector: {namespaces: [s]}}", ""))
        .isEqualTo(first);
  }

  @Test
  void whatIsNotThereIsToldWithWhatThereIs() {
    refused("{labelSelectors: {app: workers}}", "/labelSelectors")
        .hasMessageContaining("app=workers matches no workload in s; did you mean app=worker?")
        .hasMessageContaining(
            "there are [Deployment/s/api, Deployment/s/worker, StatefulSet/s/etcd]");
    refused("{fieldSelectors: {metadata.name: workr}}", "/fieldSelectors/metadata.name")
        .hasMessageContaining("did you mean worker?");
    refused("{expressionSelectors: [{key: tear, operator: Exists}]}", "/expressionSelectors/0")
        .hasMessageContaining("they have [app, tier]");
    refused("{namespaces: [t]}", "/namespaces/0").hasMessageContaining("did you mean s?");
    stage.namespace("empty", Map.of());
    refused("{namespaces: [empty]}", "")
        .hasMessage("there are no Deployments and no StatefulSets in empty");
    there.removeFirst();
    refused("{}", "")
        .hasMessageContaining("the target's app=worker matches no workload in s; there are");
  }

  @Test
  void whatHasAProtectedPodIsNotTaken() {
    stage.pod("w2", "worker", "ops");
    refused("{}", "")
        .hasMessageContaining("no workload that it means may be taken: Deployment/s/worker, pod w2")
        .hasMessageContaining("ops is protected");
    assertThat(all("{namespaces: [s]}", ""))
        .containsExactlyInAnyOrder("Deployment/s/api", "StatefulSet/s/etcd");
    assertThatThrownBy(() -> all("{labelSelectors: {app: api}}", "protect: {nodes: [node-2]}"))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("node-2 is protected: named under protect.nodes");
    refused("{namespaces: [kube-system]}", "/namespaces/0")
        .hasMessageContaining("namespace kube-system is protected");
    assertThatThrownBy(() -> all("{}", "protect: {namespaces: [s]}"))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("namespace s is protected");
  }

  /**
   * @param selector {@code {}}: none
   */
  private List<String> all(String selector, String more) {
    String who = selector.equals("{}") ? "" : ", selector: " + selector;
    return choose("{kind: Rollout, mode: all, duration: 1m, ttl: 6m" + who + "}", more);
  }

  private List<String> choose(String fault, String more) {
    var drill = Stage.drill(fault, more);
    var of = drill.faults().getFirst();
    return new Selection(drill, stage.snapshot())
        .workloads(of, Selection.chance(drill, of), there).stream()
            .map(w -> Workloads.ref(w).path())
            .toList();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String selector, String place) {
    return assertThatThrownBy(() -> all(selector, ""))
        .isInstanceOfSatisfying(
            TargetException.class,
            e -> assertThat(e.pointer()).isEqualTo("/faults/0/selector" + place));
  }
}
