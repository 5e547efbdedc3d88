package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.Amounts;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadroomTest {
  private static final String FOR_EVER =
      "tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute}]";

  private final Stage stage = Stage.ofThree();

  @Test
  void whatFitsIsNotRefusedAndWhatDoesNotIsToldInNumbers() {
    stage.pod("w1", "worker", "node-1");
    assertThat(missing("node-1")).isEmpty();
    assertThat(Headroom.of(stage.snapshot(), Set.of("node-1"), Map.of()).moving()).isEqualTo(1);
    for (String node : List.of("node-2", "node-3", "ops")) {
      stage.pod("full-" + node, "other", node).pod("fuller-" + node, "other", node);
    }
    assertThat(missing("node-1"))
        .containsExactly(
            "node-1's pod s/w1 needs 1 cores, 1 pod;"
                + " the most free on a node it may use is 0 cores, 8 pods on node-2");
  }

  @Test
  void whatIsFreeInPiecesHoldsNoLargePod() {
    stage.pod("big", "s", "app: big", "node-1", asking("cpu: '1500m', memory: 1Gi"));
    for (String node : List.of("node-2", "node-3", "ops")) {
      stage.pod("half-" + node, "other", node);
    }
    assertThat(missing("node-1"))
        .singleElement()
        .asString()
        .contains("needs 1.5 cores, 1 GiB", "is 1 cores, 3 GiB, 9 pods on node-2");
  }

  @Test
  void memoryStorageDevicesAndTheNumberOfPodsCountToo() {
    stage.pod("gpu", "s", "app: gpu", "node-1", asking("nvidia.com/gpu: '1'"));
    stage.pod("mem", "s", "app: mem", "node-1", asking("memory: 3500Mi"));
    stage.pod("disk", "s", "app: disk", "node-1", asking("ephemeral-storage: 30Gi"));
    assertThat(missing("node-1"))
        .hasSize(3)
        .anySatisfy(m -> assertThat(m).contains("1 nvidia.com/gpu", "is 0 nvidia.com/gpu"))
        .anySatisfy(m -> assertThat(m).contains("3500 MiB", "3 GiB"))
        .anySatisfy(m -> assertThat(m).contains("30 GiB ephemeral-storage"));
    Stage crowded = new Stage().node("node-1", "a: b").node("node-2", "a: b");
    for (int i = 0; i < 6; i++) {
      crowded.pod("a" + i, "s", "app: a", "node-1", asking(""));
      crowded.pod("b" + i, "s", "app: b", "node-2", asking(""));
    }
    assertThat(Headroom.of(crowded.snapshot(), Set.of("node-1"), Map.of()).missing())
        .hasSize(2)
        .allSatisfy(m -> assertThat(m).contains("needs 1 pod", "0 pods on node-2"));
  }

  @Test
  void allThatAreGoneAtOnceAreCountedTogether() {
    for (String node : List.of("node-1", "node-2", "node-3")) {
      stage.pod("w-" + node, "s", "app: worker", node, asking("cpu: '1500m'"));
    }
    assertThat(missing("node-1")).isEmpty();
    assertThat(missing("node-1", "node-2")).hasSize(1);
  }

  @Test
  void startAndOverheadAreCountedAsTheSchedulerDoes() {
    String spec =
        """
        overhead: {cpu: 100m},
        initContainers: [
          {name: side, restartPolicy: Always, resources: {requests: {cpu: 200m}}},
          {name: init, resources: {requests: {cpu: '%s'}}}],
        containers: [{name: c, resources: {requests: {cpu: '1'}}}]
        """;
    stage.pod("x", "s", "app: x", "node-1", spec.formatted("500m"));
    stage.pod("y", "s", "app: y", "node-1", spec.formatted("1500m"));
    var pods = stage.snapshot().pods();
    assertThat(Amounts.requestedBy(pods.get(0)).get("cpu")).isEqualByComparingTo("1.3");
    assertThat(Amounts.requestedBy(pods.get(1)).get("cpu")).isEqualByComparingTo("1.8");
  }

  @Test
  void whatBelongsToItsNodeOrIsNotMadeAgainDoesNotMove() {
    stage.pod("stays", "s", "app: stays", "node-1", FOR_EVER);
    stage.pod("daemon", "daemon", "node-1").pod("member", "member", "node-1");
    stage.pod("bare", "bare", "node-1");
    ownedBy("daemon", "DaemonSet");
    ownedBy("member", "StatefulSet");
    stage.changedPod(
        "bare", p -> p.edit().editMetadata().withOwnerReferences().endMetadata().build());
    assertThat(Headroom.of(stage.snapshot(), Set.of("node-1"), Map.of()).moving()).isZero();
  }

  @Test
  void aNodeThatLetsThePodNotInIsNoRoom() {
    Stage strict =
        new Stage()
            .node("node-1", "gpu: a")
            .node("node-2", "gpu: b", "taints: [{key: only, value: x, effect: NoSchedule}]")
            .node("node-3", "gpu: c")
            .node("node-4", "gpu: d", "unschedulable: true");
    strict.pod("w1", "s", "app: w1", "node-1", "nodeSelector: {gpu: b}");
    assertThat(Headroom.of(strict.snapshot(), Set.of("node-1"), Map.of()).missing())
        .containsExactly(
            "node-1's pod s/w1 needs 1 cores, 1 pod; no node that stays may take it:"
                + " not in its node affinity; taint only=x:NoSchedule");
    strict.pod(
        "w2",
        "s",
        "app: w2",
        "node-3",
        "tolerations: [{key: only, operator: Exists}, {key: node.kubernetes.io/unreachable,"
            + " operator: Exists, tolerationSeconds: 5}], affinity: {nodeAffinity:"
            + " {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms:"
            + " [{matchExpressions: [{key: gpu, operator: In, values: [b]}]}]}}}");
    assertThat(Headroom.of(strict.snapshot(), Set.of("node-3"), Map.of()).missing()).isEmpty();
  }

  @Test
  void podsThatMustStayApartNeedANodeEach() {
    String apart =
        "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey:"
            + " kubernetes.io/hostname, labelSelector: {matchLabels: {app: api}}}]}}";
    for (String node : List.of("node-1", "node-2", "node-3")) {
      stage.pod("a-" + node, "s", "app: api", node, apart);
    }
    assertThat(missing("node-1")).isEmpty(); // ops is free
    assertThat(missing("node-1", "ops"))
        .singleElement()
        .asString()
        .contains("anti-affinity to s/a-node-2; anti-affinity to s/a-node-3");
    // one that was placed keeps the next away
    assertThat(missing("node-1", "node-2")).hasSize(1);
  }

  @Test
  void aPodKeepsAwayFromItsFormerSelfInTheZoneOfTheLostNode() {
    Stage zone = new Stage().node("node-1", "zone: a").node("node-2", "zone: a");
    zone.pod(
        "a",
        "s",
        "app: api",
        "node-1",
        "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
            + " [{topologyKey: zone, labelSelector: {matchLabels: {app: api}}}]}}");
    assertThat(Headroom.of(zone.snapshot(), Set.of("node-1"), Map.of()).missing())
        .singleElement()
        .asString()
        .endsWith("no node that stays may take it: anti-affinity to s/a");
  }

  @Test
  void spreadThatMustNotBreakCountsTheLostNodeAsAnEmptyOne() {
    String spread =
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone,"
            + " whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: worker}}%s}]";
    for (String node : List.of("node-1", "node-2", "node-3")) {
      stage.pod("w-" + node, "s", "app: worker", node, spread.formatted(""));
    }
    assertThat(missing("node-1"))
        .singleElement()
        .asString()
        .contains("b would have 2, another has 0, maxSkew is 1");
    Stage honest = Stage.ofThree();
    for (String node : List.of("node-1", "node-2", "node-3")) {
      honest.pod(
          "w-" + node, "s", "app: worker", node, spread.formatted(", nodeTaintsPolicy: Honor"));
    }
    assertThat(Headroom.of(honest.snapshot(), Set.of("node-1"), Map.of()).missing()).isEmpty();
  }

  @Test
  void nothingIsPromisedThatIsMoreThanThereIs() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Stage any = Stage.ofThree();
      int moving = 0;
      int standing = 0;
      for (int i = 0; i < 12; i++) {
        int milli = 100 * (1 + random.nextInt(12));
        boolean victim = random.nextBoolean();
        if (victim) {
          moving += milli;
        } else if (standing + milli <= 2000) {
          standing += milli;
        } else {
          continue;
        }
        any.pod(
            "p" + i,
            "s",
            "app: p" + i,
            victim ? "node-1" : "node-2",
            asking("cpu: " + milli + "m"));
      }
      if (Headroom.of(any.snapshot(), Set.of("node-1"), Map.of()).missing().isEmpty()) {
        assertThat(moving).isLessThanOrEqualTo(3 * 2000 - standing);
      } else {
        // first-fit decreasing leaves no node half empty
        assertThat(moving).isGreaterThan((3 * 2000 - standing) / 2 - 1200);
      }
    }
  }

  private void ownedBy(String pod, String kind) {
    stage.changedPod(
        pod,
        p ->
            p.edit()
                .editMetadata()
                .editFirstOwnerReference()
                .withKind(kind)
                .endOwnerReference()
                .endMetadata()
                .build());
  }

  private static String asking(String requests) {
    return "containers: [{name: c, resources: {requests: {" + requests + "}}}]";
  }

  private List<String> missing(String... lost) {
    return Headroom.of(stage.snapshot(), Set.of(lost), Map.of()).missing();
  }
}
