package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A worker on loopback that fails when it is told to, and who tells it. */
final class FaultyWorker implements AutoCloseable {
  static final String TOKEN = "not-for-the-log";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Worker worker;

  /** Its model takes no time to load, and it makes 500 tokens a second, unless told otherwise. */
  FaultyWorker(Map<String, String> more) {
    var environment =
        new HashMap<>(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "POD_NAME", "w",
                "MODEL_LOAD_SECONDS", "0",
                "DECODE_TOKENS_PER_SECOND", "500",
                "FAULTS_TOKEN", TOKEN));
    environment.putAll(more);
    var out = new PrintStream(written, true, StandardCharsets.UTF_8);
    worker =
        Worker.start(
            WorkerConfig.from(environment),
            InstantSource.system(),
            new Log(out, InstantSource.system(), "worker", "w"));
  }

  FaultyWorker loaded() {
    await().until(() -> get("/health").statusCode() == 200);
    return this;
  }

  @Override
  public void close() {
    client.shutdownNow();
    worker.drain(Duration.ZERO);
  }

  String log() {
    return written.toString(StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + worker.port() + path));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  /** Asks for it with the token. */
  HttpResponse<String> faults(String method, String path, String body)
      throws IOException, InterruptedException {
    return faults(TOKEN, method, path, body);
  }

  HttpResponse<String> faults(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    var asked = request("/faults" + path).method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      asked.header("x-fault-token", token);
    }
    return client.send(asked.build(), BodyHandlers.ofString());
  }

  /** Has it fail for a minute; its id is the failure's word. */
  void fail(String failure, String more) throws IOException, InterruptedException {
    var body =
        "{\"id\":\"%s\",\"failure\":\"%s\",\"ttl_ms\":60000%s}".formatted(failure, failure, more);
    var response = faults("POST", "", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
  }

  void end(String id) throws IOException, InterruptedException {
    assertThat(faults("DELETE", "/" + id, "").statusCode()).isEqualTo(204);
  }

  /** What the only fault has harmed. */
  int affected() throws IOException, InterruptedException {
    var faults = Json.parse(faults("GET", "", "").body()).path("faults");
    assertThat(faults.size()).isEqualTo(1);
    return faults.path(0).path("affected").asInt(-1);
  }

  HttpRequest completion(String prompt, int tokens, boolean stream) {
    var body =
        "{\"model\":\"m\",\"stream\":%b,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
            .formatted(stream, tokens, Json.quote(prompt));
    return request("/chat/completions").POST(BodyPublishers.ofString(body)).build();
  }

  HttpResponse<String> ask(String prompt, int tokens, boolean stream)
      throws IOException, InterruptedException {
    return client.send(completion(prompt, tokens, stream), BodyHandlers.ofString());
  }

  /** The data of all events. */
  static List<String> data(String body) {
    return body.lines().filter(l -> l.startsWith("data: ")).map(l -> l.substring(6)).toList();
  }

  /** The text of the chunks, token by token. */
  static List<String> tokens(String body) {
    return data(body).stream()
        .filter(d -> d.startsWith("{\"id\""))
        .map(d -> Json.parse(d).path("choices").path(0).path("delta"))
        .map(d -> d.path("reasoning_content").asString("") + d.path("content").asString(""))
        .filter(t -> !t.isEmpty())
        .toList();
  }
}
