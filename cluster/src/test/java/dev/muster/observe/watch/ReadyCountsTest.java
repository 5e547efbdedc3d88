package dev.muster.observe.watch;

import static dev.muster.hostile.HostileApi.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.RolledOut;
import dev.muster.drill.Drill;
import dev.muster.hostile.HostileApi;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadyCountsTest {
  private static final Pod LEAVING =
      new PodBuilder()
          .withNewMetadata()
          .withName("p")
          .withNamespace("s")
          .withDeletionTimestamp("2026-01-01T00:00:00Z")
          .endMetadata()
          .build();

  private final HostileApi api = new HostileApi();
  private final KubernetesClient client = ListWatchTest.client(api, Duration.ofSeconds(1));

  ReadyCountsTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    client.close();
    api.close();
  }

  @Test
  void aRolloutHasSettledWhenNoPodLeavesAnyMore() throws InterruptedException {
    api.put(LEAVING);
    var settled = new CountDownLatch(1);
    Thread.ofVirtual()
        .start(() -> {
          ReadyCounts.settle(client, "s", Duration.ofMinutes(1));
          settled.countDown();
        });
    await().until(() -> !api.asked().isEmpty());
    assertThat(settled.getCount()).isEqualTo(1);
    api.remove(LEAVING);
    settled.await();
  }

  @Test
  void oneThatDoesNotSettleIsGivenUp() {
    api.put(LEAVING);
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ReadyCounts.settle(client, "s", Duration.ofMillis(50)))
        .withMessage(
            "pods in namespace s are still leaving 50ms after the rollout: kubectl get pods -n s");
  }

  @Test
  void aServerThatDoesNotSayIsGivenUpInItsWords() {
    api.when("GET .*", fails(500, "etcd down"));
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ReadyCounts.settle(client, "s", Duration.ofMillis(50)))
        .withMessageContaining("whether pods in namespace s leave is not known (GET ")
        .withMessageContaining("500 etcd down");
    api.when("GET .*", api.hangs());
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ReadyCounts.settle(client, "s", Duration.ofMillis(50)))
        .withMessageContaining(
            "is not known (to list Pod in namespace s failed: no answer in time");
  }

  @Test
  void whatCanNotBeAskedIsNotWhole() {
    ReadyCounts readyBefore = new ReadyCounts(new Drill.Target("s", Map.of(), ""), 0, 0);
    api.when("GET .*", api.hangs());
    assertThat(readyBefore.again(client)).isFalse();
    assertThat(readyBefore.nodesBack(client)).isFalse();
  }

  @Test
  void nodesAreBackWhenAllAreReadyAndReachable() {
    ReadyCounts readyBefore = new ReadyCounts(new Drill.Target("s", Map.of(), ""), 2, 0);
    api.put(node("n1", "True"));
    api.put(node("n2", "Unknown"));
    assertThat(readyBefore.nodesBack(client)).isFalse();
    api.put(
        new NodeBuilder(node("n2", "True"))
            .withNewSpec()
            .addNewTaint("NoExecute", "node.kubernetes.io/unreachable", null, null)
            .endSpec()
            .build());
    assertThat(readyBefore.nodesBack(client)).as("its pods would still be evicted").isFalse();
    api.put(node("n2", "True"));
    assertThat(readyBefore.nodesBack(client)).isTrue();
  }

  private static Node node(String name, String ready) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  @Test
  void aRolloutThatIsUnderWayIsNotSettled() {
    api.put(RolledOut.deployment("worker", 3)).put(RolledOut.statefulSet("etcd", 3, "{}"));
    assertThat(ReadyCounts.settled(client, Set.of("s"))).isEqualTo(2);
    assertThat(ReadyCounts.settled(client, Set.of("other"))).isZero();
    api.put(RolledOut.told(RolledOut.deployment("worker", 3), 4, 2, 3));
    assertThat(ReadyCounts.settled(client, Set.of("s"))).isOne();
    api.put(RolledOut.told(RolledOut.deployment("worker", 3), 3, 3, 1));
    assertThat(ReadyCounts.settled(client, Set.of("s"))).as("ready or not").isEqualTo(2);
  }
}
