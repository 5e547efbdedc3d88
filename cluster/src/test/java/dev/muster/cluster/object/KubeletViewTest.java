package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class KubeletViewTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @Test
  void usageIsWhatTheKubeletMeasured() {
    answer(
        "/stats/summary",
        200,
        """
        {"node": {"nodeName": "n1",
          "cpu": {"time": "2026-01-01T00:00:00Z", "usageNanoCores": 1500000000},
          "memory": {"availableBytes": 300, "usageBytes": 900, "workingSetBytes": 700},
          "fs": {"availableBytes": 40, "capacityBytes": 100}},
         "pods": [
          {"podRef": {"name": "a", "uid": "u1"}, "cpu": {"usageNanoCores": 250000000}, "memory": {"workingSetBytes": 55}},
          {"podRef": {"name": "b", "uid": "u2"}}]}
        """);
    assertThat(view().usage()).contains(new KubeletView.Usage(1.5, 0.25, 700, 300, 40, 100));
    assertThat(view().usage().orElseThrow().coresBesidePods()).isEqualTo(1.25);
    assertThat(view().usage("u1")).contains(new KubeletView.PodUsage(0.25, 55));
    assertThat(view().usage("u2")).contains(new KubeletView.PodUsage(0, 0));
    assertThat(view().usage("u3")).isEmpty();
  }

  @Test
  void aKubeletThatHasNotMeasuredYetTellsNothing() {
    answer("/stats/summary", 200, "{\"node\": {\"nodeName\": \"n1\"}, \"pods\": []}");
    assertThat(view().usage()).isEmpty();
  }

  @Test
  void aKubeletOutOfReachTellsNothing() {
    answer("/stats/summary", 503, "no route to host");
    answer("/configz", 503, "no route to host");
    assertThat(view().usage()).isEmpty();
    assertThat(view().usage("u1")).isEmpty();
    assertThat(view().threshold("memory.available")).isEmpty();
  }

  @Test
  void thresholdsAreToldAsTheyAreWritten() {
    answer(
        "/configz",
        200,
        "{\"kubeletconfig\": {\"evictionHard\": {\"memory.available\": \"100Mi\","
            + " \"nodefs.available\": \"10%\"}}}");
    assertThat(view().threshold("memory.available")).contains("100Mi");
    assertThat(view().threshold("nodefs.available")).contains("10%");
    assertThat(view().threshold("imagefs.available")).isEmpty();
  }

  private KubeletView view() {
    client.getConfiguration().setRequestRetryBackoffLimit(0); // as a probe's
    return new KubeletView(client, "n1");
  }

  private void answer(String path, int code, String body) {
    server.expect().get().withPath("/api/v1/nodes/n1/proxy" + path).andReturn(code, body).always();
  }
}
