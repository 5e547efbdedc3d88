package dev.muster.cluster.connect;

import static dev.muster.hostile.HostileApi.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.hostile.HostileApi;
import dev.muster.hostile.HostileApi.Behaviour;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No request waits for ever, and each says what it waited for. */
@Timeout(60)
class LimitsTest {
  private static final Limits SHORT = new Limits(Duration.ofMillis(500), 1, Duration.ofSeconds(1));
  private static final String NODES = "GET /api/v1/nodes";

  @TempDir Path folder;
  private final HostileApi api = new HostileApi();

  LimitsTest() throws IOException {
    api.put(new NodeBuilder().withNewMetadata().withName("n1").endMetadata().build());
  }

  @AfterEach
  void close() throws IOException {
    api.close();
  }

  private KubernetesClient open() throws IOException {
    return open(SHORT);
  }

  private KubernetesClient open(Limits limits) throws IOException {
    return Connection.open(api.kubeconfig(folder), null, limits);
  }

  private long times() {
    return api.asked().stream().filter(NODES::equals).count();
  }

  /** The words of a list that is answered so. */
  private String listing(Behaviour behaviour) throws IOException {
    try (KubernetesClient client = open()) {
      api.when(NODES, behaviour);
      long began = System.nanoTime();
      var e =
          catchThrowableOfType(
              KubernetesClientException.class, () -> client.nodes().list().getItems());
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      return ApiErrors.why(e);
    }
  }

  @Test
  void oneThatHangsIsAskedTwiceAndGivenUp() throws IOException {
    assertThat(listing(api.hangs())).isEqualTo("to list Node failed: no answer in time");
    assertThat(times()).isEqualTo(2);
  }

  @Test
  void anAnswerThatStopsInTheMiddleIsGivenUp() throws IOException {
    assertThat(listing(api.stallsInTheMiddle()))
        .isEqualTo(
            "to list Node failed: its answer began and did not come to its end within 500ms");
  }

  @Test
  void anAnswerThatBeginsAndNeverSpeaksIsGivenUp() throws IOException {
    assertThat(listing(api.neverSpeaks())).contains("did not come to its end within 500ms");
  }

  @Test
  void anAnswerThatIsCutIsSaidToBe() throws IOException {
    assertThat(listing(api.cutsInTheMiddle())).startsWith("to list Node failed: ");
  }

  @Test
  void anErrorIsToldInTheServersWords() throws IOException {
    assertThat(listing(fails(500, "etcdserver: request timed out")))
        .isEqualTo(
            "GET %s was answered with 500 etcdserver: request timed out"
                .formatted(api.url() + "/api/v1/nodes"));
    assertThat(times()).isEqualTo(2);
  }

  @Test
  void whoAsksToComeBackSoonIsObeyed() throws IOException {
    try (KubernetesClient client =
        open(new Limits(Duration.ofSeconds(20), 1, Duration.ofSeconds(1)))) {
      api.when(
          NODES,
          to -> {
            api.well();
            fails(429, "too many requests", "Retry-After: 1").answer(to);
          });
      long began = System.nanoTime();
      assertThat(client.nodes().list().getItems()).hasSize(1);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(950));
    }
  }

  @Test
  void whoAsksToComeBackInAnHourIsNot() throws IOException {
    assertThat(listing(fails(429, "too many requests", "Retry-After: 3600")))
        .isEqualTo("429 it asks to come back after 3600 s, which is not waited for");
    assertThat(times()).isEqualTo(1);
  }

  @Test
  void aServerThatHangsFromTheFirstRequestOnIsNamed() {
    api.when("GET /version", api.hangs());
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> open().close())
        .withMessage("can not reach the cluster at " + api.url() + ": no answer in time");
  }
}
