package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.preflight.PreflightTable.Level;
import dev.muster.cluster.preflight.PreflightTable.Row;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import java.util.List;
import org.junit.jupiter.api.Test;

class ZoneRowsTest {
  private final Stage stage = Stage.ofThree().workload("worker", "Deployment", 2);

  @Test
  void replicasOfSeveralZonesHoldWithoutAnyOfThem() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2");
    Row row = row("s/Deployment/worker");
    assertThat(row.level()).isEqualTo(Level.OK);
    assertThat(row.topic()).isEqualTo(Topic.ZONE);
    assertThat(row.text())
        .isEqualTo(
            "ready 1 in a, 1 in b, 0 in c; holds without any one of them;"
                + " topologySpreadConstraints name no zones");
  }

  @Test
  void replicasOfOneZoneAreLostWithIt() {
    stage.node("node-4", "topology.kubernetes.io/zone: a");
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-4");
    Row row = row("s/Deployment/worker");
    assertThat(row.level()).isEqualTo(Level.WARN);
    assertThat(row.text())
        .startsWith("ready 2 in a, 0 in b, 0 in c; no ready replica is left without zone a;");
  }

  @Test
  void oneThatIsNotReadyStandsInForNobody() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2");
    notReady("w2");
    assertThat(row("s/Deployment/worker").text())
        .contains("1 in a, 0 in b", "no ready replica is left without zone a;");
    // of zone b, that one is lost and the other stays
    assertThat(row("s/Deployment/worker").text()).doesNotContain("zone b");
  }

  @Test
  void aNodeThatSaysNoZoneIsInNoneAndStays() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "ops");
    assertThat(row("s/Deployment/worker").level()).isEqualTo(Level.OK);
    assertThat(row("s/Deployment/worker").text())
        .startsWith("ready 1 in a, 0 in b, 0 in c, 1 in no zone; holds");
  }

  @Test
  void etcdNeedsItsMajority() {
    stage.workload("etcd", "StatefulSet", 3).node("node-4", "topology.kubernetes.io/zone: a");
    stage.pod("e1", "etcd", "node-1").pod("e2", "etcd", "node-4").pod("e3", "etcd", "node-2");
    assertThat(row("s/StatefulSet/etcd").level()).isEqualTo(Level.WARN);
    assertThat(row("s/StatefulSet/etcd").text())
        .contains("2 in a, 1 in b, 0 in c; has no majority without zone a;");
    stage.changedPod("e2", p -> p.edit().editSpec().withNodeName("node-3").endSpec().build());
    assertThat(row("s/StatefulSet/etcd").level()).isEqualTo(Level.OK);
  }

  @Test
  void whatIsAskedOfTheSchedulerIsTold() {
    labelled("w1", "soft", "node-1", "ScheduleAnyway");
    labelled("h1", "hard", "node-2", "DoNotSchedule");
    assertThat(row("s/ReplicaSet/soft").text())
        .endsWith("spread over zones by maxSkew 1, ScheduleAnyway");
    assertThat(row("s/ReplicaSet/hard").text())
        .endsWith("spread over zones by maxSkew 1, DoNotSchedule");
  }

  @Test
  void roomIsAskedForOncePerZone() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2");
    assertThat(rows()).extracting(Row::subject).contains("without zone a", "without zone b");
    assertThat(rows()).extracting(Row::subject).doesNotContain("without zone c");
    assertThat(row("without zone a").text())
        .isEqualTo("the others hold the 1 pods that have to move");
    stage.pod("f1", "full", "node-2").pod("f2", "full", "node-3").pod("f3", "full", "node-3");
    stage.pod("o1", "full", "ops").pod("o2", "full", "ops");
    assertThat(row("without zone a").level()).isEqualTo(Level.WARN);
    assertThat(row("without zone a").text()).startsWith("1 of 1 pods find no place: node-1's pod");
  }

  @Test
  void anotherNamespaceAndWhatBelongsToItsNodeAreNotTheServices() {
    stage.pod("x", "other", "app: x", "node-1", "");
    stage.pod("d", "daemon", "node-1");
    stage.changedPod(
        "d",
        p ->
            p.edit()
                .editMetadata()
                .editFirstOwnerReference()
                .withKind("DaemonSet")
                .endOwnerReference()
                .endMetadata()
                .build());
    assertThat(rows()).extracting(Row::subject).noneMatch(s -> s.contains("/"));
  }

  private void labelled(String name, String app, String node, String unsatisfiable) {
    String spread =
        ("topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone,"
                + " whenUnsatisfiable: %s, labelSelector: {matchLabels: {app: %s}}}]")
            .formatted(unsatisfiable, app);
    stage.pod(name, "s", "app: " + app, node, spread);
  }

  private void notReady(String name) {
    stage.changedPod(
        name,
        p ->
            p.edit()
                .editStatus()
                .editFirstCondition()
                .withStatus("False")
                .endCondition()
                .endStatus()
                .build());
  }

  private List<Row> rows() {
    return ZoneRows.of(stage.snapshot(), "s");
  }

  private Row row(String subject) {
    return rows().stream().filter(r -> r.subject().equals(subject)).findFirst().orElseThrow();
  }
}
