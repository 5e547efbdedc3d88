package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.KubeletView;
import dev.muster.drill.field.Amount;
import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What shows an effect, and what would show one also where nothing was done. */
@EnableKubernetesMockClient(crud = true)
class EffectsTest {
  private static final long MEBI = 1 << 20;
  private static final Amount PRESSURE = new Amount(null, null);

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private double cores = 0.5;
  private double ofPods = 0.4;
  private long memoryFree = 2000;
  private long diskFree = 9000;
  private boolean measures = true;
  private int http = 200;
  private int apiServer = 200;

  @BeforeEach
  void cluster() {
    client.getConfiguration().setRequestRetryBackoffLimit(0); // as a probe's
    condition("False");
    server
        .expect()
        .get()
        .withPath("/api/v1/nodes/n1/proxy/stats/summary")
        .andReply(200, _ -> measures ? summary() : "{}")
        .always();
  }

  @Test
  void aNodeIsBusyWhenTheKubeletMeasuresClearlyMore() {
    NodeBusy busy = new NodeBusy(view(), 100);
    assertThat(busy.before()).isEmpty();
    assertThat(busy.seen()).isEmpty();
    cores = 0.8;
    assertThat(busy.seen()).as("less than a third of a core more").isEmpty();
    cores = 1.1;
    assertThat(busy.seen().orElseThrow())
        .containsEntry("kubelet", "n1 uses 0.70 cores beside its pods, before 0.10");
    measures = false;
    assertThat(busy.seen()).isEmpty();
  }

  /** As where a fault on another node moves its traffic here. */
  @Test
  void podsThatUseMoreAreNoStress() {
    NodeBusy busy = new NodeBusy(view(), 100);
    busy.before();
    cores = 1.6;
    ofPods = 1.5;
    assertThat(busy.seen()).isEmpty();
    ofPods = 2; // measured a moment later than the node
    assertThat(busy.seen()).isEmpty();
  }

  @Test
  void aSmallLoadMustStillBeTold() {
    NodeBusy busy = new NodeBusy(view(), 10);
    busy.before();
    cores = 0.7;
    assertThat(busy.seen()).isEmpty();
    assertThat(busy.unseen()).endsWith(": not enough to tell");
    cores = 0.81;
    assertThat(busy.seen()).isPresent();
  }

  @Test
  void whereNothingIsMeasuredNothingCanBeTold() {
    measures = false;
    assertThat(new NodeBusy(view(), 100).before()).contains("the kubelet of n1 tells no CPU usage");
    assertThat(memory(PRESSURE).before()).contains("the kubelet of n1 tells no usage");
  }

  @Test
  void aNodeUnderPressureIsFilledAndOneThatWasBeforeProvesNothing() {
    NodeFilled filled = memory(PRESSURE);
    assertThat(filled.before()).isEmpty();
    memoryFree = 10;
    assertThat(filled.seen()).as("full, and no pressure told").isEmpty();
    assertThat(filled.unseen()).isEqualTo("n1 has 10 MiB free, before 2000 MiB, no MemoryPressure");
    condition("True");
    assertThat(filled.seen().orElseThrow()).containsEntry("condition", "n1 reports MemoryPressure");
    assertThat(memory(PRESSURE).before()).contains("node n1 is under MemoryPressure already");
    assertThat(disk(PRESSURE).before()).isEmpty();
  }

  @Test
  void halfOfWhatWasTakenMustBeMissing() {
    NodeFilled filled = disk(new Amount(1000 * MEBI, null));
    filled.before();
    assertThat(filled.unseen()).contains("told no usage since");
    diskFree -= 499;
    assertThat(filled.seen()).isEmpty();
    diskFree -= 1;
    assertThat(filled.seen().orElseThrow())
        .containsEntry("kubelet", "n1 has 8500 MiB free, before 9000 MiB");
  }

  /** A node takes and gives a few MiB by itself, whatever was injected. */
  @Test
  void aTrifleIsNeverTold() {
    NodeFilled trifle = memory(new Amount(1L, null));
    trifle.before();
    assertThat(trifle.seen()).isEmpty();
    memoryFree -= 15;
    assertThat(trifle.seen()).isEmpty();
    NodeFilled share = memory(new Amount(null, 80));
    share.before();
    memoryFree -= 63;
    assertThat(share.seen()).isEmpty();
    memoryFree -= 1;
    assertThat(share.seen()).isPresent();
  }

  @Test
  void aContainerThatASignalEndedIsSeenBeforeAndAfterItsRestart() {
    Pod before = pod("{restartCount: 3, state: {running: {}}, lastState: {}}");
    ContainerEnded ended = new ContainerEnded(client, before);
    assertThat(ended.seen()).isEmpty();
    pod("{restartCount: 3, state: {terminated: {exitCode: 137, finishedAt: t}}, lastState: {}}");
    assertThat(ended.seen()).isPresent();
    pod("{restartCount: 4, state: {running: {}}, lastState: {terminated: {exitCode: 137}}}");
    assertThat(ended.seen().orElseThrow().get("container"))
        .contains("ended with exit code 137", "restarts 4, before 3");
    client.resource(before).delete();
    assertThat(ended.seen()).as("a pod that is gone tells nothing").isEmpty();
  }

  @Test
  void aContainerThatHadEndedOrEndsByItselfWasKilledByNobody() {
    Pod crashed = pod("{restartCount: 3, state: {terminated: {exitCode: 137}}, lastState: {}}");
    ContainerEnded ended = new ContainerEnded(client, crashed);
    assertThat(ended.seen()).isEmpty();
    pod("{restartCount: 4, state: {terminated: {exitCode: 1}}, lastState: {}}");
    assertThat(ended.seen()).isEmpty();
    assertThat(ended.unseen())
        .isEqualTo("no container of pod w1 ended by a signal, says its kubelet");
  }

  @Test
  void aPodThatFallsSilentIsSeenOnlyWhereTheApiServerAnswers() {
    serves();
    Pod pod = pod("{restartCount: 0, state: {running: {}}, lastState: {}}");
    PodUnanswering silent = new PodUnanswering(client, pod);
    assertThat(silent.before()).isEmpty();
    http = 503;
    apiServer = 503;
    for (int i = 0; i < 5; i++) {
      assertThat(silent.seen()).as("nobody was asked").isEmpty();
    }
    apiServer = 200;
    assertThat(silent.seen()).isEmpty();
    assertThat(silent.seen()).isEmpty();
    assertThat(silent.seen().orElseThrow())
        .containsEntry("http", "pod/s/w1 did not answer 3 times in a row");
  }

  @Test
  void aPodThatMissesOneAnswerIsNotSilent() {
    serves();
    PodUnanswering silent =
        new PodUnanswering(client, pod("{restartCount: 0, state: {running: {}}, lastState: {}}"));
    silent.before();
    for (int i = 0; i < 6; i++) {
      http = i % 3 == 2 ? 404 : 503; // whatever it says, it is an answer
      assertThat(silent.seen()).isEmpty();
    }
  }

  @Test
  void aPodThatNeitherAnsweredNorWasReadyProvesNothing() {
    serves();
    http = 502;
    PodUnanswering silent =
        new PodUnanswering(client, pod("{restartCount: 0, state: {running: {}}, lastState: {}}"));
    assertThat(silent.before()).contains("pod w1 neither answers nor is ready already");
  }

  @Test
  void aPodThatAnswersAgainIsPausedNoMore() {
    serves();
    Pod pod = pod("{restartCount: 0, state: {running: {}}, lastState: {}}");
    PodUnanswering silent = new PodUnanswering(client, pod);
    silent.before();
    http = 503;
    assertThat(silent.again()).isInstanceOf(Effect.Lasts.class);
    apiServer = 503;
    assertThat(silent.again()).as("nobody was asked").isInstanceOf(Effect.Untold.class);
    apiServer = 200;
    http = 200;
    assertThat(silent.again()).isInstanceOf(Effect.Over.class);
  }

  /** By the liveness probe: that is the service's own way out, and no stranger's. */
  @Test
  void aContainerThatWasStartedAnewTakesNoFaultAway() {
    serves();
    Pod pod = pod("{restartCount: 0, state: {running: {}}, lastState: {}}");
    PodUnanswering silent = new PodUnanswering(client, pod);
    silent.before();
    pod("{restartCount: 1, state: {running: {}}, lastState: {terminated: {exitCode: 137}}}");
    assertThat(silent.again()).isInstanceOf(Effect.Spent.class);
    client.resource(pod).delete();
    assertThat(silent.again()).isInstanceOf(Effect.Untold.class);
  }

  @Test
  void aNodeThatIsBusyNoMoreIsOverAfterTwoMeasurements() {
    NodeBusy busy = new NodeBusy(view(), 100);
    busy.before();
    cores = 0.7;
    assertThat(busy.again()).as("others use less now").isInstanceOf(Effect.Lasts.class);
    cores = 0.6;
    assertThat(busy.again()).isInstanceOf(Effect.Over.class);
    assertThat(busy.patience()).isGreaterThan(java.time.Duration.ofSeconds(20));
    measures = false;
    assertThat(busy.again()).isInstanceOf(Effect.Untold.class);
  }

  /** Its kubelet evicts pods, so that there is room, and the pressure passes. */
  @Test
  void memoryThatIsTakenLastsThoughThePressurePasses() {
    NodeFilled filled = memory(PRESSURE);
    filled.before();
    memoryFree = 50;
    condition("True");
    assertThat(filled.seen()).isPresent();
    condition("False");
    memoryFree = 400;
    assertThat(filled.again()).isInstanceOf(Effect.Lasts.class);
    condition("True"); // which stays for a time of the kubelet's
    memoryFree = 1900;
    assertThat(filled.again()).isInstanceOf(Effect.Over.class);
    measures = false;
    assertThat(filled.again()).isInstanceOf(Effect.Untold.class);
  }

  @Test
  void pressureThatWasSeenBeforeAnythingWasMeasuredSaysNothingOfHowMuchWasTaken() {
    NodeFilled filled = memory(PRESSURE);
    filled.before();
    measures = false;
    condition("True");
    assertThat(filled.seen()).isPresent();
    measures = true;
    memoryFree = 1800;
    assertThat(filled.again()).isInstanceOf(Effect.Lasts.class);
  }

  @Test
  void whatIsDoneAtOnceHasNothingToLookAtAgain() {
    Pod pod = pod("{restartCount: 0, state: {running: {}}, lastState: {}}");
    assertThat(new PodGone(client, pod).lasts()).isFalse();
    assertThat(new ContainerEnded(client, pod).lasts()).isFalse();
    assertThat(new BootView(client, "n1").lasts()).isFalse();
    assertThat(new NodeBusy(view(), 100).lasts()).isTrue();
  }

  private void serves() {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/s/pods/w1:8000/proxy/")
        .andReply(new Answer(() -> http))
        .always();
    server.expect().get().withPath("/livez").andReply(new Answer(() -> apiServer)).always();
  }

  private KubeletView view() {
    return new KubeletView(client, "n1");
  }

  private NodeFilled memory(Amount amount) {
    return NodeFilled.memory(client, view(), "n1", amount);
  }

  private NodeFilled disk(Amount amount) {
    return NodeFilled.disk(client, view(), "n1", amount);
  }

  private String summary() {
    return String.format(
        java.util.Locale.ROOT,
        """
        {"node": {"cpu": {"usageNanoCores": %d}, "memory": {"workingSetBytes": 1, "availableBytes": %d},
          "fs": {"availableBytes": %d, "capacityBytes": %d}},
         "pods": [{"cpu": {"usageNanoCores": %d}}, {}]}
        """,
        (long) (cores * 1e9),
        memoryFree * MEBI,
        diskFree * MEBI,
        10_000 * MEBI,
        (long) (ofPods * 1e9));
  }

  private void condition(String memoryPressure) {
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: n1}
                status: {conditions: [{type: MemoryPressure, status: '%s'}, {type: DiskPressure, status: 'False'}]}
                """
                    .formatted(memoryPressure),
                Node.class))
        .createOr(r -> r.update());
    client
        .nodes()
        .withName("n1")
        .editStatus(n -> {
          n.getStatus().getConditions().getFirst().setStatus(memoryPressure);
          return n;
        });
  }

  /** The pod as its kubelet tells it now. */
  private Pod pod(String status) {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: w1, namespace: s}
            spec: {nodeName: n1, containers: [{name: c, ports: [{containerPort: 8000}]}]}
            status:
              containerStatuses: [%s]
            """
                .formatted(status.replace("{restartCount", "{name: c, restartCount")),
            Pod.class);
    if (client.pods().inNamespace("s").withName("w1").get() == null) {
      client.resource(pod).create();
    }
    return client.pods().inNamespace("s").resource(pod).updateStatus();
  }
}
