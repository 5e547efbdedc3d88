package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.RolledOut;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.select.Selection;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a controller would not do is refused before anything is touched. */
@EnableKubernetesMockClient(crud = true)
class WorkloadPreflightTest {
  private static final String ROLLOUT = "{kind: Rollout, duration: 1m, ttl: 6m}";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  private List<String> trouble(HasMetadata workload, String fault) {
    var drill = Stage.drill(fault);
    var stage = Stage.ofThree().pod("w1", "worker", "node-1");
    return WorkloadPreflight.trouble(
        client, drill, new Selection(drill, stage.snapshot()), List.of(workload));
  }

  private static String scale(int replicas) {
    return "{kind: Scale, replicas: " + replicas + ", duration: 1m, ttl: 6m}";
  }

  private static String image(String more) {
    return "{kind: Rollout, duration: 1m, ttl: 6m, " + more + "}";
  }

  @Test
  void whatCanBeDoneIsNot() {
    var worker = RolledOut.deployment("worker", 3);
    assertThat(trouble(worker, ROLLOUT)).isEmpty();
    assertThat(trouble(worker, image("image: 'main:2'"))).isEmpty();
    assertThat(trouble(worker, image("image: 'side:2', container: side"))).isEmpty();
    assertThat(trouble(worker, scale(1))).isEmpty();
    assertThat(trouble(worker, "{kind: PodKill}")).isEmpty();
  }

  @Test
  void whatNobodyRollsOutIs() {
    assertThat(trouble(RolledOut.statefulSet("worker", 3, "{type: OnDelete}"), ROLLOUT))
        .singleElement()
        .asString()
        .startsWith("StatefulSet/s/worker has the updateStrategy OnDelete");
    var paused = RolledOut.deployment("worker", 3);
    paused.getSpec().setPaused(true);
    assertThat(trouble(paused, ROLLOUT)).singleElement().asString().contains("is paused");
    assertThat(trouble(RolledOut.deployment("worker", 0), ROLLOUT))
        .singleElement()
        .asString()
        .contains("has no replicas");
  }

  @Test
  void aPartitionThatLeavesNothingToUpdateIs() {
    assertThat(trouble(partitioned(2), ROLLOUT)).isEmpty();
    for (int all : new int[] {3, 4}) {
      assertThat(trouble(partitioned(all), ROLLOUT))
          .containsExactly(
              "StatefulSet/s/worker keeps all its replicas at the old revision: the partition leaves"
                  + " nothing to update");
    }
  }

  private static HasMetadata partitioned(int partition) {
    return RolledOut.statefulSet(
        "worker", 3, "{type: RollingUpdate, rollingUpdate: {partition: " + partition + "}}");
  }

  /** Its controller would not take a bad image back by itself. */
  @Test
  void anotherImageOfOneThatGoesOnInItsOrderIs() {
    var set = RolledOut.statefulSet("worker", 3, "{}");
    assertThat(trouble(set, ROLLOUT)).isEmpty();
    assertThat(trouble(set, image("image: 'main:2'")))
        .as("which it has if it says nothing")
        .singleElement()
        .asString()
        .startsWith("StatefulSet/s/worker has the podManagementPolicy OrderedReady: ");
    set.getSpec().setPodManagementPolicy("OrderedReady");
    assertThat(trouble(set, image("image: 'main:2'"))).hasSize(1);
    set.getSpec().setPodManagementPolicy("Parallel");
    assertThat(trouble(set, image("image: 'main:2'"))).isEmpty();
  }

  @Test
  void anImageOfNoContainerOrOfBeforeIs() {
    var worker = RolledOut.deployment("worker", 3);
    assertThat(trouble(worker, image("image: 'x:2', container: other")))
        .containsExactly("Deployment/s/worker has no container other; it has [main, side]");
    assertThat(trouble(worker, image("image: 'main:1'")))
        .containsExactly(
            "Deployment/s/worker: the image of main is main:1 already: there would be no new"
                + " revision");
  }

  @Test
  void oneThatIsUnderWayOrLeftIs() {
    var half = RolledOut.told(RolledOut.deployment("worker", 3), 4, 2, 3);
    assertThat(trouble(half, ROLLOUT))
        .singleElement()
        .asString()
        .contains("is being rolled out already")
        .contains("2 of 3 updated");
    var left = RolledOut.deployment("worker", 3);
    WorkloadMark.put(left, "0a", Map.of(WorkloadMark.RESTARTED, "x"));
    assertThat(trouble(left, ROLLOUT))
        .containsExactly(
            "Deployment/s/worker carries the label muster.dev/fault: left by an earlier run; run"
                + " muster cleanup");
  }

  @Test
  void oneThatTwoFaultsTakeAtTheSameTimeIs() {
    var worker = RolledOut.deployment("worker", 3);
    String twice =
        "Deployment/s/worker is taken by two faults of a parallel part, and one would not begin"
            + " while the other has it; put them one after the other";
    assertThat(trouble(worker, "{parallel: [" + ROLLOUT + ", " + scale(1) + "]}"))
        .containsExactly(twice);
    assertThat(
            trouble(
                worker, "{parallel: [{serial: [{hold: 1m}, " + ROLLOUT + "]}, " + scale(1) + "]}"))
        .containsExactly(twice);
    assertThat(trouble(worker, ROLLOUT + ", " + scale(1))).isEmpty();
    assertThat(
            trouble(
                worker,
                "{parallel: [{serial: [" + ROLLOUT + ", " + scale(1) + "]}, {kind: PodKill}]}"))
        .isEmpty();
  }

  @Test
  void aNumberThatChangesNothingOrTakesAllIs() {
    var worker = RolledOut.deployment("worker", 3);
    assertThat(trouble(worker, scale(3)))
        .containsExactly("Deployment/s/worker has 3 replicas already: nothing would change");
    assertThat(trouble(worker, scale(0)))
        .singleElement()
        .asString()
        .contains("would have no pod left");
  }

  @Test
  void whoIsScaledBySomebodyElseIsWithTheirName() {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: by-load, namespace: s}
                spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}}
                """,
                HorizontalPodAutoscaler.class))
        .create();
    assertThat(trouble(RolledOut.deployment("worker", 3), scale(1)))
        .singleElement()
        .asString()
        .contains("is scaled by the HorizontalPodAutoscaler by-load");
    assertThat(trouble(RolledOut.statefulSet("worker", 3, "{}"), scale(1))).isEmpty();
    assertThat(trouble(RolledOut.deployment("worker", 3), ROLLOUT)).isEmpty();
  }
}
