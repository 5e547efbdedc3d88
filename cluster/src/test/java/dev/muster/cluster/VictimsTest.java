package dev.muster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill;
import dev.muster.drill.DrillFile;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class VictimsTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @BeforeEach
  void nodes() {
    for (String name : new String[] {"node-1", "node-2", "node-3"}) {
      node(name, Map.of());
    }
    node("ops", Map.of("muster.dev/role", "ops"));
  }

  @Test
  void theNodeWithMostTargetPodsIsTaken() {
    pod("w1", "worker", "node-1");
    pod("w2", "worker", "node-2");
    pod("w3", "worker", "node-2");
    assertThat(choose("{hosting: target}")).isEqualTo("node-2");
  }

  @Test
  void theOnlyReplicaOfSomethingComesFirst() {
    pod("w1", "worker", "node-1");
    pod("w2", "worker", "node-1");
    pod("a1", "api", "node-3");
    assertThat(choose("{hosting: target}")).isEqualTo("node-3");
  }

  @Test
  void protectedNodesAreNeverTaken() {
    pod("w1", "worker", "ops");
    pod("w2", "worker", "ops");
    pod("w3", "worker", "node-3");
    assertThat(choose("{hosting: target}")).isEqualTo("node-3");
    assertThatThrownBy(() -> choose("{nodes: [ops]}"))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("protected");
  }

  @Test
  void whatIsNotThereIsToldWithTheNearestWord() {
    pod("w1", "worker", "node-1");
    assertThatThrownBy(() -> choose("{nodes: [node-l]}")).hasMessageContaining("node-");
    client.pods().inNamespace("s").withName("w1").delete();
    pod("x", "workers", "node-1");
    assertThatThrownBy(() -> choose("{hosting: target}"))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("did you mean app=workers?");
  }

  @Test
  void missingCapacityIsToldInNumbers() {
    pod("w1", "worker", "node-1");
    assertThat(Capacity.missing(client, "node-1")).isEmpty();
    for (String node : new String[] {"node-2", "node-3", "ops"}) {
      pod("full-" + node, "other", node);
      pod("fuller-" + node, "other", node);
    }
    assertThat(Capacity.missing(client, "node-1"))
        .anySatisfy(m -> assertThat(m).contains("not enough cpu", "need 1 cores", "free is 0"));
  }

  private String choose(String selector) {
    Drill drill =
        DrillFile.parse(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: d}
            target: {namespace: s, selector: {labelSelectors: {app: worker}}}
            load: {arrivals: {constant: 1/s}}
            faults: [{kind: NodeShutdown, duration: 30s, ttl: 1m, selector: %s}]
            expect: {detected: {within: 60s}}
            """
                .formatted(selector),
            "d.yaml");
    return new Victims(client, drill).choose();
  }

  private void node(String name, Map<String, String> labels) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addToAllocatable("cpu", new Quantity("2"))
                .addToAllocatable("memory", new Quantity("3Gi"))
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build())
        .create();
  }

  private void pod(String name, String app, String node) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("s")
                .withLabels(Map.of("app", app))
                .addNewOwnerReference()
                .withKind("ReplicaSet")
                .withName(app)
                .withUid(app)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewToleration()
                .withKey("node.kubernetes.io/unreachable")
                .withEffect("NoExecute")
                .withTolerationSeconds(30L)
                .endToleration()
                .addNewContainer()
                .withName("c")
                .withNewResources()
                .addToRequests("cpu", new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .build())
        .create();
  }
}
