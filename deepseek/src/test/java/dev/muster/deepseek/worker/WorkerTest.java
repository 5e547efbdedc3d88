package dev.muster.deepseek.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable Worker worker;

  @AfterEach
  void stop() {
    client.shutdownNow();
    if (worker != null) {
      worker.drain(Duration.ZERO);
    }
  }

  private void start(Map<String, String> more) {
    var environment = new HashMap<>(Map.of("HOST", "127.0.0.1", "PORT", "0", "POD_NAME", "w"));
    environment.putAll(more);
    var quiet = new PrintStream(PrintStream.nullOutputStream());
    worker =
        Worker.start(
            WorkerConfig.from(environment),
            InstantSource.system(),
            new Log(quiet, InstantSource.system(), "worker", "w"));
  }

  private int port() {
    return Objects.requireNonNull(worker, "started").port();
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String path)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port() + path);
    return client.send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(), path);
  }

  private void assertHealth(String path, int status, String body) throws Exception {
    var response = get(path);
    assertThat(response.body()).as(path).startsWith(body);
    assertThat(response.statusCode()).as(path).isEqualTo(status);
  }

  private void awaitLoaded() {
    await().until(() -> get("/health").statusCode() == 200);
  }

  @Test
  void aProcessLivesBeforeItsModelIsLoaded() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "3600"));
    assertHealth("/health/live", 200, "{\"status\":\"loading\",\"phase\":\"read\"}");
    assertHealth("/health", 503, "{\"status\":\"loading\",\"phase\":\"read\"}");
    assertHealth("/health/ready", 503, "{\"status\":\"loading\",\"phase\":\"read\"}");
    assertHealth(
        "/health_generate", 503, "{\"status\":\"loading\",\"phase\":\"read\",\"generates\":false");
  }

  @Test
  void thePhaseThatIsUnderWayIsTold() {
    start(Map.of("MODEL_GIGABYTES", "0", "COMPILE_SECONDS", "3600"));
    await()
        .until(
            () -> get("/health").body().equals("{\"status\":\"loading\",\"phase\":\"compile\"}"));
  }

  @Test
  void whatIsLoadedIsReadyOnceItIsRegistered() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "0", "ETCD_ENDPOINTS", "http://127.0.0.1:1"));
    awaitLoaded();
    assertHealth("/health/ready", 503, "{\"status\":\"ready\"}");
    assertHealth("/health_generate", 200, "{\"status\":\"ready\",\"generates\":true");
  }

  @Test
  void withoutEtcdThereIsNothingToRegisterAt() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "0"));
    awaitLoaded();
    assertHealth("/health/ready", 200, "{\"status\":\"ready\"}");
  }

  @Test
  void aPromptThatCannotFitIsRefusedWhereItIsReadToo() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "0", "CONTEXT_TOKENS", "1000"));
    awaitLoaded();
    var asked =
        HttpRequest.newBuilder()
            .header("x-prompt-tokens", "999999999")
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertThat(send(asked, "/prefill").statusCode()).isEqualTo(400);
    assertHealth("/health_generate", 200, "{\"status\":\"ready\",\"generates\":true");
  }

  @Test
  void anEngineThatGivesNoTokenIsToldByGeneratingAlone() throws Exception {
    start(
        Map.of(
            "MODEL_LOAD_SECONDS", "0",
            "TIME_SCALE", "0.001",
            "HEALTH_GENERATE_TIMEOUT", "100ms"));
    awaitLoaded();
    assertHealth("/health_generate", 503, "{\"status\":\"ready\",\"generates\":false");
    assertHealth("/health", 200, "{\"status\":\"ready\"}");
    assertHealth("/health/ready", 200, "{\"status\":\"ready\"}");
  }

  @Test
  void aMachineWhoseQueueIsFullStillGenerates() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "0", "MAX_BATCH", "1", "MAX_WAITING", "0"));
    awaitLoaded();
    var endless = client.sendAsync(ask("hello", 300_000), HttpResponse.BodyHandlers.discarding());
    await()
        .until(() ->
            get("/metrics")
                .body()
                .contains(
                    "vllm:num_requests_running{engine=\"0\",model_name=\"deepseek-v4-pro\"} 1.0\n"));
    var health = Json.parse(get("/health_generate").body());
    assertThat(health.path("generates").asBoolean()).isTrue();
    assertThat(health.path("running").asInt()).isEqualTo(1);
    assertThat(endless).isNotDone();
  }

  private HttpRequest ask(String prompt, int tokens) {
    var body =
        "{\"model\":\"m\",\"stream\":%b,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
            .formatted(tokens > 100, tokens, Json.quote(prompt));
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private Usage usage(String prompt) throws IOException, InterruptedException {
    var answer = client.send(ask(prompt, 2), HttpResponse.BodyHandlers.ofString()).body();
    return Usage.of(Json.parse(answer).path("usage"));
  }

  @Test
  void whatIsFoundInTheCacheIsInTheUsage() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "0"));
    awaitLoaded();
    var prompt = "the same beginning, again and again. ".repeat(20);
    var first = usage(prompt + "one");
    assertThat(first.prompt()).isEqualTo(222);
    assertThat(first.cached()).isZero();
    assertThat(usage(prompt + "two").cached()).isEqualTo(208);
    assertThat(usage("other: " + prompt).cached()).isZero();
    assertThat(get("/metrics").body())
        .contains(
            "vllm:prefix_cache_hits_total{engine=\"0\",model_name=\"deepseek-v4-pro\"} 208.0\n");
  }

  @Test
  void whatTheCacheDoesNotHoldIsRefused() throws Exception {
    start(Map.of("MODEL_LOAD_SECONDS", "0", "KV_BLOCKS", "4"));
    awaitLoaded();
    var refused = client.send(ask("x".repeat(300), 2), HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("maximum context length is 64 tokens");
  }
}
