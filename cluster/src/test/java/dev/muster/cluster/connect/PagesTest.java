package dev.muster.cluster.connect;

import static dev.muster.hostile.HostileApi.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.hostile.HostileApi;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PagesTest {
  private static final String NODES = "GET /api/v1/nodes";

  @TempDir Path folder;
  private final HostileApi api = new HostileApi();

  @SuppressWarnings("NullAway.Init") // set before each test
  private KubernetesClient client;

  PagesTest() throws IOException {}

  @BeforeEach
  void open() throws IOException {
    for (int i = 0; i < 1_234; i++) {
      api.put(new NodeBuilder().withNewMetadata().withName("n" + i).endMetadata().build());
    }
    client =
        Connection.open(
            api.kubeconfig(folder), null, new Limits(Duration.ofSeconds(5), 0, Duration.ZERO));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    api.close();
  }

  private long pages() {
    return api.asked().stream().filter(NODES::equals).count();
  }

  @Test
  void aLongListComesInPagesOfFiveHundred() {
    var listed = Pages.listed(client.nodes(), Duration.ofSeconds(30));
    assertThat(listed.items())
        .extracting(n -> n.getMetadata().getName())
        .hasSize(1_234)
        .doesNotHaveDuplicates();
    assertThat(listed.version()).isEqualTo("1235");
    assertThat(pages()).isEqualTo(3);
  }

  @Test
  void oneThatIsCutInTheMiddleBeginsAnew() {
    api.when(
        NODES,
        to -> {
          api.well();
          api.cutsInTheMiddle().answer(to);
        });
    assertThat(Pages.all(client.nodes())).hasSize(1_234);
    assertThat(pages()).isEqualTo(4);
  }

  @Test
  void oneWhoseNextPageHasExpiredBeginsAnew() {
    api.when(
        NODES,
        to -> {
          api.well();
          fails(410, "the provided continue parameter is too old").answer(to);
        });
    assertThat(Pages.all(client.nodes())).hasSize(1_234);
  }

  @Test
  void oneThatIsAlwaysCutIsGivenUp() {
    api.when(NODES, api.cutsInTheMiddle());
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> Pages.all(client.nodes()));
    assertThat(pages()).isEqualTo(3);
  }

  @Test
  void oneWithoutAnEndHasOne() {
    api.when(
        NODES,
        to ->
            to.answer(
                200,
                "{\"kind\": \"NodeList\", \"metadata\": {\"continue\": \"1\"}, \"items\": []}"));
    assertThatExceptionOfType(KubernetesClientException.class)
        .isThrownBy(() -> Pages.listed(client.nodes(), Duration.ofMillis(50)))
        .withMessage("a list had no end after 50ms and 0 objects");
  }
}
