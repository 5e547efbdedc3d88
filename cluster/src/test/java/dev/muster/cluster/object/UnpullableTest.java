package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.run.HandTime;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class UnpullableTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private Instant now = Instant.EPOCH;
  private final HandTime time = new HandTime(() -> now, _ -> {});

  private static Pod pod(String uid, String image, String reason) {
    return Serialization.unmarshal(
        """
        {"metadata": {"name": "p", "uid": "%s"}, "status": {"phase": "Pending", "containerStatuses": [
          {"name": "c", "image": "%s", "state": {"waiting": {"reason": "%s"}}}]}}
        """
            .formatted(uid, image, reason),
        Pod.class);
  }

  private boolean seen(Unpullable unpullable, int second, Pod... pods) {
    now = Instant.ofEpochSecond(second);
    return unpullable.seen(List.of(pods));
  }

  @Test
  void aPodThatLacksAnImageOfMustersForLongIsSeen() {
    Unpullable unpullable = new Unpullable(client, "n", time);
    String image = "muster.dev/alertmanager:0.25";
    assertThat(seen(unpullable, 0, pod("1", image, "ErrImagePull"))).isFalse();
    assertThat(seen(unpullable, 40, pod("1", image, "ImagePullBackOff"))).isFalse();
    assertThat(seen(unpullable, 45, pod("1", image, "ErrImagePull"))).isTrue();
  }

  @Test
  void theTimeOfOneThatGotOnOrWasReplacedBeginsAnew() {
    Unpullable unpullable = new Unpullable(client, "n", time);
    String image = "muster.dev/alertmanager:0.25";
    assertThat(seen(unpullable, 0, pod("1", image, "ImagePullBackOff"))).isFalse();
    assertThat(seen(unpullable, 30, pod("1", image, "ContainerCreating"))).isFalse();
    assertThat(seen(unpullable, 60, pod("1", image, "ImagePullBackOff"))).isFalse();
    assertThat(seen(unpullable, 110, pod("2", image, "ImagePullBackOff"))).isFalse();
  }

  /** A registry that is away for a minute is no reason to give up. */
  @Test
  void imagesOfOthersMayStillCome() {
    Unpullable unpullable = new Unpullable(client, "n", time);
    Pod pod = pod("1", "registry.example.com/a:1", "ImagePullBackOff");
    assertThat(seen(unpullable, 0, pod)).isFalse();
    assertThat(seen(unpullable, 600, pod)).isFalse();
  }

  @Test
  void podsThatCannotBeListedAreNotWithoutHope() {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/n/pods?limit=500")
        .andReturn(403, "{}")
        .always();
    assertThat(new Unpullable(client, "n", time).seen()).isFalse();
  }
}
