package dev.muster.observe.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.observer.Place;
import dev.muster.observe.ObservationException;
import dev.muster.observe.metrics.StandIn;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The two ways to a program that answers JSON: its URL, and the API server's proxy. */
@EnableKubernetesMockClient
class JsonApiTest {
  private static final String PROXY =
      "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy";
  private static final String TOKEN = "sesame";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @SuppressWarnings("NullAway.Init") // set before each test
  private StandIn stand;

  @BeforeEach
  void open() throws IOException {
    stand = new StandIn();
  }

  @AfterEach
  void close() {
    stand.close();
  }

  @Test
  void aUrlIsAskedWithItsTokenAndAnEncodedQuery() {
    stand.answering("/base/api/v1/query", "{\"status\":\"success\"}");
    JsonApi api = api(stand.uri() + "/base");
    var answer = api.get("/api/v1/query", Map.of("query", "a{b=\"c d\"} > 1", "time", "2"));
    assertThat(answer.at("/status").asString()).isEqualTo("success");
    assertThat(stand.asked())
        .containsExactly(
            "GET /base/api/v1/query?query=a{b=\"c d\"} > 1&time=2 [Bearer " + TOKEN + "]");
  }

  @Test
  void whatIsPostedIsJson() {
    stand.answering("/api/annotations", "{\"id\":1}");
    JsonApi api = api(stand.uri().toString());
    api.post("/api/annotations", new JsonMapper().createObjectNode().put("text", "x"));
    assertThat(stand.asked())
        .containsExactly("POST /api/annotations {\"text\":\"x\"} [Bearer " + TOKEN + "]");
  }

  @Test
  void anErrorSaysWhereWhatAndWhyAndNeverTheToken() {
    stand
        .answering("/api/v1/query", "{\"error\":\"parse error: unexpected \\\"}\\\"\"}")
        .status(400);
    JsonApi api = api(stand.uri().toString());
    assertThatThrownBy(() -> api.get("/api/v1/query", Map.of("query", "}")))
        .isInstanceOf(ObservationException.class)
        .hasMessageStartingWith(stand.uri() + " asked for /api/v1/query: HTTP 400")
        .hasMessageContaining("parse error")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void whatIsNoJsonAndWhatDoesNotListenAreNoAnswers() {
    stand.answering("/page", "<html>login</html>");
    JsonApi api = api(stand.uri().toString());
    assertThatThrownBy(() -> api.get("/page", Map.of())).hasMessageContaining("is no JSON");
    stand.close();
    assertThatThrownBy(() -> api.get("/page", Map.of()))
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining(stand.uri().toString());
  }

  @Test
  void aServiceIsAskedThroughTheApiServersProxyWithoutAToken() throws InterruptedException {
    server
        .expect()
        .get()
        .withPath(PROXY + "/api/v1/query?query=up%7Bjob%3D%22a%20b%22%7D")
        .andReturn(200, "{\"status\":\"success\"}")
        .once();
    JsonApi api = api("service/monitoring/prometheus:9090");
    var answer = api.get("/api/v1/query", Map.of("query", "up{job=\"a b\"}"));
    assertThat(answer.at("/status").asString()).isEqualTo("success");
    assertThat(Optional.ofNullable(server.getLastRequest().getHeader("Authorization")).orElse(""))
        .doesNotContain(TOKEN);
  }

  @Test
  void aServiceThatIsNotThereIsNoAnswer() {
    server
        .expect()
        .get()
        .withPath(PROXY + "/api/v1/alerts")
        .andReturn(404, "{\"message\":\"services prometheus not found\"}")
        .always();
    JsonApi api = api("service/monitoring/prometheus:9090");
    assertThatThrownBy(() -> api.get("/api/v1/alerts", Map.of()))
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("service/monitoring/prometheus:9090 asked for /api/v1/alerts")
        .hasMessageContaining("services prometheus not found");
  }

  private JsonApi api(String prometheus) {
    Place place =
        prometheus.startsWith("service/")
            ? new Place.Service("monitoring", "prometheus", 9090)
            : new Place.Url(URI.create(prometheus));
    return JsonApi.of(place, client, TOKEN);
  }
}
