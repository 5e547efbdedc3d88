package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class BootViewTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private final Map<String, Pod> pods = new TreeMap<>();

  @BeforeEach
  void node() {
    // the mock's own store knows no such field
    server
        .expect()
        .get()
        .withPath("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1")
        .andReply(200, _ -> new PodListBuilder().withItems(List.copyOf(pods.values())).build())
        .always();
    client
        .resource(
            Serialization.unmarshal(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: n1}
                status: {nodeInfo: {bootID: same}}
                """,
                Node.class))
        .create();
  }

  @Test
  void everyPodThatLivedIsStartedAgain() {
    pod("w1", "Running", 0);
    pod("w2", "Running", 3);
    BootView view = new BootView(client, "n1");
    assertThat(view.before()).isEmpty();
    pod("w1", "Running", 1);
    assertThat(view.seen()).as("one container may end for any reason").isEmpty();
    pod("w2", "Running", 4);
    assertThat(view.seen()).isPresent();
  }

  @Test
  void whatHadEndedIsNotWaitedFor() {
    pod("w1", "Running", 0);
    pod("evicted", "Failed", 0);
    BootView view = new BootView(client, "n1");
    assertThat(view.before()).isEmpty();
    pod("w1", "Running", 1);
    assertThat(view.seen()).isPresent();
  }

  @Test
  void withoutALivingPodNothingCanBeTold() {
    pod("evicted", "Failed", 0);
    assertThat(new BootView(client, "n1").before()).isPresent();
  }

  private void pod(String name, String phase, int restarts) {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, namespace: s, uid: %1$s}
            spec: {nodeName: n1, containers: [{name: c}]}
            status: {phase: %2$s, containerStatuses: [{name: c, restartCount: %3$d}]}
            """
                .formatted(name, phase, restarts),
            Pod.class);
    pods.put(name, pod);
  }
}
