package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.preflight.PreflightTable.Level;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreflightTableTest {
  private final Stage stage =
      Stage.ofThree()
          .pod("w1", "worker", "node-1")
          .pod("w2", "worker", "node-2")
          .pod("w3", "worker", "node-2")
          .workload("worker", "Deployment", 3);

  @Test
  void whatLivesThereIsToldByNamespaceAndOwner() {
    stage.pod("g", "other", "app: grafana", "node-1", "").namespace("other", Map.of());
    var table = table("node-1");
    assertThat(row(table, Topic.WORKLOAD))
        .extracting(r -> r.subject() + " " + r.lost() + "/" + r.of() + " " + r.level())
        .containsExactly("other/ReplicaSet/grafana 1/1 OK", "s/Deployment/worker 1/3 OK");
    assertThat(row(table, Topic.ALL_REPLICAS))
        .singleElement()
        .satisfies(r -> assertThat(r.subject()).isEqualTo("other/ReplicaSet/grafana"));
    assertThat(row(table, Topic.MONITORING))
        .singleElement()
        .satisfies(r -> assertThat(r.text()).startsWith("all of it"));
    assertThat(table.worst()).isEqualTo(Level.WARN);
  }

  @Test
  void allReplicasAreLostWhereSeveralNodesGoAtOnce() {
    assertThat(row(table("node-2"), Topic.ALL_REPLICAS)).isEmpty();
    assertThat(row(table("node-1", "node-2"), Topic.ALL_REPLICAS))
        .hasSize(2)
        .allSatisfy(r -> assertThat(r.text()).isEqualTo("all 3 replicas are lost at once"));
  }

  @Test
  void aBudgetIsComparedWithWhatIsLostOfItTogether() {
    stage.budget("workers", "worker", 1).budget("strangers", "api", 0);
    assertThat(row(table("node-1"), Topic.BUDGET))
        .singleElement()
        .satisfies(r -> assertThat(r.level()).isEqualTo(Level.OK));
    assertThat(row(table("node-1", "node-2"), Topic.BUDGET))
        .singleElement()
        .satisfies(r -> {
          assertThat(r.level()).isEqualTo(Level.WARN);
          assertThat(r.text()).startsWith("loses 3, 1 allowed");
        });
  }

  @Test
  void dnsAndDataThatStaysAndPodsThatNobodyReplacesAreWarnedOf() {
    stage.pod("dns-1", "kube-system", "k8s-app: kube-dns", "node-3", "");
    stage.pod("dns-2", "kube-system", "k8s-app: kube-dns", "node-1", "");
    stage.pod(
        "etcd-0",
        "s",
        "app: etcd",
        "node-3",
        "volumes: [{name: data, persistentVolumeClaim: {claimName: data-etcd-0}}, {name: tmp,"
            + " emptyDir: {}}]");
    stage.changedPod(
        "etcd-0",
        p ->
            p.edit()
                .editMetadata()
                .editFirstOwnerReference()
                .withKind("StatefulSet")
                .endOwnerReference()
                .endMetadata()
                .build());
    stage.pod("bare", "bare", "node-3");
    stage.changedPod(
        "bare", p -> p.edit().editMetadata().withOwnerReferences().endMetadata().build());
    var table = table("node-3");
    assertThat(row(table, Topic.DNS))
        .singleElement()
        .satisfies(r -> assertThat(r.text()).isEqualTo("1 of 2"));
    assertThat(row(table, Topic.VOLUMES))
        .singleElement()
        .satisfies(r -> assertThat(r.text()).contains("claim data-etcd-0", "emptyDir tmp"));
    assertThat(row(table, Topic.NOT_REPLACED))
        .extracting(PreflightTable.Row::subject)
        .containsExactlyInAnyOrder("s/StatefulSet/etcd", "s/bare");
  }

  @Test
  void missingRoomAndTheLoadsOwnPathRefuse() {
    for (String node : List.of("node-2", "node-3", "ops")) {
      stage.pod("f1-" + node, "other", node).pod("f2-" + node, "other", node);
    }
    var snapshot = stage.snapshot();
    var table =
        PreflightTable.of(
            snapshot,
            List.of("node-1"),
            Map.of(),
            Headroom.of(snapshot, Set.of("node-1"), Map.of()),
            Set.of("node-1"));
    assertThat(table.refusals())
        .extracting(PreflightTable.Row::topic)
        .containsExactlyInAnyOrder(Topic.OWN_PATH, Topic.ROOM);
    assertThat(table.worst()).isEqualTo(Level.REFUSE);
  }

  @Test
  void theTextIsAlignedAndNeverWiderThan120() {
    String node = "node-" + "n".repeat(60);
    Stage wide = new Stage().node(node, "a: b").node("node-2", "a: b");
    wide.pod("w1", "worker", node).pod("x".repeat(200), "x", node);
    wide.pod("big", "s", "app: big", node, "nodeSelector: {" + "k".repeat(60) + ": v}");
    var snapshot = wide.snapshot();
    String text =
        PreflightTable.of(
                snapshot,
                List.of(node),
                Map.of(),
                Headroom.of(snapshot, Set.of(node), Map.of()),
                Set.of(node))
            .text();
    assertThat(text.lines()).allSatisfy(l -> assertThat(l.length()).isLessThanOrEqualTo(120));
    assertThat(text.replaceAll("\\s", "")).contains("n".repeat(60)).contains("needs1cores,1pod");
    int column = text.indexOf("WHAT");
    assertThat(text.lines().filter(l -> l.startsWith("ok") || l.startsWith("warn")))
        .isNotEmpty()
        .allSatisfy(l -> {
          assertThat(l.charAt(column - 1)).isEqualTo(' ');
          assertThat(l.charAt(column)).isNotEqualTo(' ');
        });
  }

  private static List<PreflightTable.Row> row(PreflightTable table, Topic topic) {
    return table.rows().stream().filter(r -> r.topic() == topic).toList();
  }

  private PreflightTable table(String... victims) {
    var snapshot = stage.snapshot();
    return PreflightTable.of(
        snapshot,
        List.of(victims),
        Map.of(),
        Headroom.of(snapshot, Set.of(victims), Map.of()),
        Set.of());
  }
}
