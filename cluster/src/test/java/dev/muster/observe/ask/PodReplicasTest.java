package dev.muster.observe.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.observe.ObservationException;
import dev.muster.observe.data.ServiceEtcd;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods of a component, each asked through the API server's proxy. */
@EnableKubernetesMockClient
class PodReplicasTest {
  private static final String PODS = "/api/v1/namespaces/llm/pods";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private static Pod pod(String name, String component, String ready) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("llm")
        .addToLabels("app.kubernetes.io/component", component)
        .endMetadata()
        .withNewSpec()
        .withNodeName("n1")
        .addNewContainer()
        .withName(component)
        .addNewPort()
        .withName("client")
        .withContainerPort(2379)
        .endPort()
        .endContainer()
        .endSpec()
        .withNewStatus()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .endCondition()
        .endStatus()
        .build();
  }

  private void there(Pod... pods) {
    server
        .expect()
        .get()
        .withPath(PODS)
        .andReturn(200, new PodListBuilder().withItems(pods).build())
        .always();
  }

  private PodReplicas replicas(String component, String port) {
    return new PodReplicas(client, "llm", component, port);
  }

  @Test
  void podsOfTheComponentAreToldByNameWithTheirNodes() {
    there(pod("e-1", "etcd", "False"), pod("e-0", "etcd", "True"), pod("a-0", "api", "True"));
    var all = replicas("etcd", "client").now();
    assertThat(all).extracting(Replica::pod).containsExactly("e-0", "e-1");
    assertThat(all).extracting(Replica::ready).containsExactly(true, false);
    assertThat(PodReplicas.places(client, "llm"))
        .hasSize(3)
        .anySatisfy((pod, node) -> {
          assertThat(pod).hasToString("pod/llm/a-0");
          assertThat(node).hasToString("n1");
        });
  }

  @Test
  void etcdIsAskedByPostThroughTheProxyOfItsOwnPod() {
    there(pod("e-0", "etcd", "True"));
    server
        .expect()
        .post()
        .withPath(PODS + "/e-0:2379/proxy/v3/maintenance/status")
        .andReturn(
            200,
            "{\"header\":{\"member_id\":\"18446744073709551615\",\"revision\":\"42\"},"
                + "\"leader\":\"18446744073709551615\",\"raftTerm\":\"3\",\"raftAppliedIndex\":\"50\"}")
        .once();
    var status = new ServiceEtcd(replicas("etcd", "client")).statuses().getFirst();
    assertThat(status.why()).isNull();
    assertThat(status.leader()).isEqualTo(status.id()).isEqualTo("18446744073709551615");
    assertThat(status.revision()).isEqualTo(42);
    assertThat(status.applied()).isEqualTo(50);
  }

  @Test
  void aMemberThatDoesNotAnswerIsNamedWithTheReason() {
    there(pod("e-0", "etcd", "True"));
    var status = new ServiceEtcd(replicas("etcd", "client")).statuses().getFirst();
    assertThat(status.why()).startsWith("pod e-0:2379 asked for /v3/maintenance/status: HTTP 404");
  }

  @Test
  void whatIsNotThereIsSaidInWords() {
    there(pod("e-0", "etcd", "True"));
    assertThatThrownBy(() -> replicas("gateway", "debug").now())
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("no pod in namespace llm")
        .hasMessageContaining("app.kubernetes.io/component=gateway");
    var api = replicas("etcd", "debug").now().getFirst().api();
    assertThatThrownBy(() -> api.get("/x", Map.of())).hasMessage("pod e-0 has no port named debug");
  }
}
