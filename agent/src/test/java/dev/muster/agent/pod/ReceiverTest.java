package dev.muster.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.agent.words.AgentEventWriter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiverTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void up() {
    var telling =
        new AgentEventWriter(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    server = new Receiver(telling).start(0);
  }

  @AfterEach
  void down() {
    client.close();
    server.stop(0);
  }

  @Test
  void aNotificationIsToldInOneLineWithItsArrivalAndEachAlert() throws Exception {
    HttpResponse<String> answer =
        post(
            """
            {"version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "receiver": "muster", "status": "firing",
             "groupLabels": {"alertname": "NodeNotReady"},
             "alerts": [
               {"status": "firing", "labels": {"alertname": "NodeNotReady", "node": "node-1"},
                "annotations": {"summary": "a \\"word\\"\\nand a line"}, "startsAt": "2026-01-02T03:04:00Z",
                "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "0f"},
               {"status": "resolved", "labels": {"alertname": "TargetDown"}, "startsAt": "2026-01-02T03:00:00Z",
                "endsAt": "2026-01-02T03:03:00Z", "fingerprint": "1f"}]}
            """);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(told().lines()).hasSize(1);
    assertThat(told())
        .contains("\"event\":\"notified\"")
        .contains("\"at\":\"2026-01-02T03:04:05Z\"")
        .contains("\"receiver\":\"muster\"")
        .contains(
            "{\"status\":\"firing\",\"name\":\"NodeNotReady\",\"labels\":{\"alertname\":\"NodeNotReady\",\"node\":\"node-1\"},"
                + "\"startsAt\":\"2026-01-02T03:04:00Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"fingerprint\":\"0f\"}")
        .contains("\"name\":\"TargetDown\"")
        .contains("\"fingerprint\":\"1f\"");
  }

  @Test
  void whatIsNoNotificationIsRefusedAndNotTold() throws Exception {
    for (String body :
        new String[] {"", "hello", "[]", "{}", "{\"alerts\": {}}", "{\"alerts\": ["}) {
      HttpResponse<String> answer = post(body);
      assertThat(answer.statusCode()).as(body).isEqualTo(400);
      assertThat(answer.body()).contains("no notification of Alertmanager's");
    }
    assertThat(post("{\"alerts\": [], \"x\": \"" + "x".repeat(1 << 20) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(told()).isEmpty();
  }

  @Test
  void itCanBeAskedWhetherItLives() throws Exception {
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
    assertThat(get("/").statusCode()).isEqualTo(405);
    assertThat(get("/x").statusCode()).isEqualTo(404);
  }

  private String told() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private HttpResponse<String> post(String body) throws Exception {
    return send(HttpRequest.newBuilder(at("/")).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(at(path)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}
