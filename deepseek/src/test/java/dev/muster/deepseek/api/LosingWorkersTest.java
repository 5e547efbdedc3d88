package dev.muster.deepseek.api;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.exchange.UsageRecords;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.etcd.Etcd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees while workers, and etcd, come and go: real etcd, workers in own JVMs. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class LosingWorkersTest {
  private static final String PROMPT = "tell me";

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Map<String, WorkerProcess> workers = new HashMap<>();
  private LocalEtcd etcd;
  private Gateway gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    gateway =
        Gateway.start(
            GatewayConfig.from(
                Map.ofEntries(
                    entry("HOST", "127.0.0.1"),
                    entry("PORT", "0"),
                    entry("DEBUG_PORT", "0"),
                    entry("POD_NAME", "gateway"),
                    entry("ETCD_ENDPOINTS", etcd.endpoint()),
                    // Wide enough for a cold JVM on a busy machine
                    entry("FIRST_TOKEN_TIMEOUT", "4s"),
                    entry("HOLD_HEADERS", "1m"),
                    entry("TOKEN_TIMEOUT", "2s"),
                    entry("TOKEN_TIMEOUT_FLOOR", "2s"),
                    entry("SLOW_START", "0s"),
                    entry("WATCH_SILENCE", "1s"),
                    entry("DRAIN_DELAY", "0s"))),
            InstantSource.system(),
            new Log(
                new PrintStream(log, true, StandardCharsets.UTF_8),
                InstantSource.system(),
                "api",
                "gateway"));
  }

  @AfterEach
  void stop() throws Exception {
    for (var worker : workers.values()) {
      worker.close();
    }
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.close();
  }

  private void worker(String pod, Map<String, String> environment) throws IOException {
    workers.put(pod, new WorkerProcess(pod, etcd.endpoint(), folder, environment));
    var expected = workers.size();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get("/health").body().contains("\"workers\":" + expected));
  }

  private WorkerProcess running(String pod) {
    return Objects.requireNonNull(workers.get(pod), pod);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  private HttpRequest ask(String id, int tokens, boolean stream) {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":%s,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(stream, tokens, PROMPT);
    return HttpRequest.newBuilder(uri("/chat/completions"))
        .header("x-request-id", id)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<Stream<String>> stream(String id, int tokens) throws Exception {
    return client.send(ask(id, tokens, true), HttpResponse.BodyHandlers.ofLines());
  }

  private static String expected(int tokens) {
    var chain = new TokenChain(PROMPT);
    return IntStream.range(0, tokens).mapToObj(_ -> chain.next()).collect(Collectors.joining());
  }

  private static String tokens(List<String> lines) {
    return lines.stream()
        .filter(l -> l.startsWith("data: {\"id\""))
        .map(l -> Json.parse(l.substring(6)).path("choices").path(0).path("delta"))
        .map(d -> d.path("reasoning_content").asString("") + d.path("content").asString(""))
        .collect(Collectors.joining());
  }

  /** Of the lines with an outcome: outcome, status, worker, tokens. */
  private static List<String> outcomes(List<String> lines, String id) {
    return lines.stream()
        .filter(l -> l.startsWith("{"))
        .map(l -> Json.parse(l))
        .filter(l -> l.path("request_id").asString("").equals(id) && l.has("outcome"))
        .map(l ->
            "%s %d %s %d"
                .formatted(
                    l.path("outcome").asString(""),
                    l.path("status").asInt(0),
                    l.path("worker").asString("-"),
                    l.path("tokens").asInt(-1)))
        .toList();
  }

  private List<String> usageKeys() throws IOException {
    var keys = new ArrayList<String>();
    new Etcd(List.of(URI.create(etcd.endpoint())), Duration.ofSeconds(2))
        .list(UsageRecords.PREFIX)
        .entries()
        .forEach(e -> keys.add(e.key()));
    return keys;
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void answersStreamedAndWholeAndLeavesARecordOfEach() throws Exception {
    assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    worker("w1", Map.of());
    assertThat(get("/health/ready").statusCode()).isEqualTo(200);

    var response = stream("r1", 30);
    var lines = response.body().toList();
    assertThat(tokens(lines)).isEqualTo(expected(30));
    assertThat(lines).endsWith("data: [DONE]", "");
    assertThat(header(response, "x-served-by")).isEqualTo("w1");
    assertThat(header(response, "x-gateway")).isEqualTo("gateway");
    assertThat(header(response, "x-attempts")).isEqualTo("1");
    assertThat(header(response, "x-request-id")).isEqualTo("r1");
    assertThat(header(response, "x-muster-tokens")).isEqualTo("chain");
    assertThat(header(response, "x-ds-trace-id")).hasSize(32);

    var whole = client.send(ask("r2", 10, false), HttpResponse.BodyHandlers.ofString());
    assertThat(header(whole, "x-muster-tokens")).isEqualTo("chain");
    var message = Json.parse(whole.body()).path("choices").path(0).path("message");
    assertThat(
            message.path("reasoning_content").asString("") + message.path("content").asString(""))
        .isEqualTo(expected(10));
    assertThat(usageKeys()).containsExactly("/deepseek/usage/r1", "/deepseek/usage/r2");
    assertThat(get("/metrics").body())
        .contains("deepseek_api_requests_total{outcome=\"complete\"} 2")
        .contains("deepseek_api_usage_records_total{result=\"written\"} 2");
  }

  @Test
  void aWorkerLostBeforeTheFirstTokenCostsTheClientNothing() throws Exception {
    // One worker only, so that it is chosen; its prompt takes minutes to read
    worker("slow", Map.of("PREFILL_TOKENS_PER_SECOND", "1", "TIME_SCALE", "0.01"));
    var answer = client.sendAsync(ask("r1", 12, true), HttpResponse.BodyHandlers.ofLines());
    await().until(() -> gatewayIsWaiting());
    worker("w1", Map.of());
    running("slow").freeze();

    var response = answer.get();
    assertThat(tokens(response.body().toList())).isEqualTo(expected(12));
    assertThat(header(response, "x-attempts")).isEqualTo("2");
    assertThat(header(response, "x-served-by")).isEqualTo("w1");
    assertThat(get("/metrics").body())
        .contains("deepseek_api_worker_failures_total{reason=\"silent\"} 1")
        .contains("deepseek_api_retries_total 1");
  }

  private boolean gatewayIsWaiting() throws Exception {
    return get("/metrics").body().contains("deepseek_api_requests_in_flight 1");
  }

  @Test
  void aWorkerLostInMidStreamEndsItWithAnErrorAndWithoutDone() throws Exception {
    worker("w1", Map.of("DECODE_TOKENS_PER_SECOND", "20"));
    for (var freeze : new boolean[] {true, false}) {
      var response = stream("lost-" + freeze, 1000);
      var lines = new ArrayList<String>();
      var iterator = response.body().iterator();
      while (iterator.hasNext()) {
        lines.add(iterator.next());
        if (lines.size() == 20) {
          if (freeze) {
            running("w1").freeze();
          } else {
            running("w2").kill();
          }
        }
      }
      assertThat(expected(1000)).startsWith(tokens(lines));
      assertThat(lines).doesNotContain("data: [DONE]");
      assertThat(lines.get(lines.size() - 2))
          .startsWith("data: {\"error\":{\"message\":")
          .contains("\"type\":\"server_error\"");
      if (freeze) {
        // Its lease runs out by itself
        await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> get("/health").body().contains("\"workers\":0"));
        running("w1").close();
        workers.remove("w1");
        worker("w2", Map.of("DECODE_TOKENS_PER_SECOND", "20"));
      }
    }
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("\"message\":\"request lost\",\"request_id\":\"lost-true\"")
        .contains("\"message\":\"request lost\",\"request_id\":\"lost-false\"");
    assertThat(usageKeys()).isEmpty();
  }

  /** Fifty tokens a second: in half a second 25, and a step that was under way. */
  @Test
  void aWorkerThatStoodStillEmitsNoBurst() throws Exception {
    worker("w1", Map.of());
    var response = stream("r1", 1000);
    var iterator = response.body().iterator();
    for (int i = 0; i < 20; i++) {
      iterator.next();
    }
    running("w1").freeze();
    var still = System.nanoTime();
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    running("w1").thaw();
    var after = System.nanoTime();
    int came = 0;
    while (System.nanoTime() - after < 500_000_000L) {
      came += iterator.next().startsWith("data: ") ? 1 : 0;
    }
    assertThat(after - still).isGreaterThan(900_000_000L);
    assertThat(came).isBetween(5, 40); // 75 with what it had not done
    response.body().close();
  }

  @Test
  void aWholeAnswerMovesToAnotherWorkerEvenInItsMiddle() throws Exception {
    worker("w1", Map.of("DECODE_TOKENS_PER_SECOND", "20"));
    var answer = client.sendAsync(ask("r1", 400, false), HttpResponse.BodyHandlers.ofString());
    await().until(() -> get("/metrics").body().contains("first_token_seconds_count 1"));
    worker("w2", Map.of("DECODE_TOKENS_PER_SECOND", "1000"));
    running("w1").kill();
    var message = Json.parse(answer.get().body()).path("choices").path(0).path("message");
    assertThat(
            message.path("reasoning_content").asString("") + message.path("content").asString(""))
        .isEqualTo(expected(400));
    assertThat(header(answer.get(), "x-served-by")).isEqualTo("w2");
  }

  @Test
  void aDrainedWorkerLeavesAtOnceAndFinishesWhatItHas() throws Exception {
    worker("w1", Map.of());
    var response = stream("r1", 100);
    var iterator = response.body().iterator();
    var lines = new ArrayList<>(List.of(iterator.next()));
    var exit = new java.util.concurrent.FutureTask<>(() -> running("w1").terminate());
    Thread.ofVirtual().start(exit);
    await().until(() -> get("/health").body().contains("\"workers\":0"));
    iterator.forEachRemaining(lines::add);
    assertThat(lines).endsWith("data: [DONE]", "");
    assertThat(exit.get()).isZero();
    assertThat(running("w1").log())
        .last()
        .satisfies(l -> assertThat(l).contains("\"message\":\"drained\",\"cut_off\":0"));
  }

  @Test
  void withoutEtcdTheServiceGoesOnAndItsRecordsFollow() throws Exception {
    worker("w1", Map.of());
    etcd.stop();
    assertThat(stream("r1", 5).body().toList()).endsWith("data: [DONE]", "");
    await().until(() -> get("/health").body().contains("\"workers\":1,\"etcd\":\"away\""));
    etcd.restart();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(usageKeys()).containsExactly("/deepseek/usage/r1"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> get("/health").body().contains("\"workers\":1,\"etcd\":\"up\""));
    assertThat(stream("r2", 5).body().toList()).endsWith("data: [DONE]", "");
  }

  @Test
  void gatewayAndWorkerWriteOneLineWithAnOutcomeUnderTheClientsId() throws Exception {
    worker("w1", Map.of());
    assertThat(stream("good", 5).body().toList()).endsWith("data: [DONE]", "");
    assertThat(stream("bad", -1).statusCode()).isEqualTo(400);
    await()
        .untilAsserted(() -> {
          var lines = log.toString(StandardCharsets.UTF_8).lines().toList();
          assertThat(outcomes(lines, "good")).containsExactly("complete 200 w1 5");
          assertThat(outcomes(lines, "bad")).containsExactly("invalid 400 - -1");
          assertThat(outcomes(running("w1").log(), "good")).containsExactly("complete 200 w1 5");
        });
    assertThat(outcomes(running("w1").log(), "bad")).isEmpty();
  }

  @Test
  void aClientThatLeavesIsNotServedAnyLonger() throws Exception {
    worker("w1", Map.of());
    var response = stream("r1", 10_000);
    var iterator = response.body().iterator();
    iterator.next();
    response.body().close();
    await().until(() -> get("/metrics").body().contains("requests_in_flight 0"));
    await().until(() -> running("w1").log().stream().anyMatch(l -> l.contains("cancelled")));
    assertThat(get("/metrics").body())
        .contains("deepseek_api_requests_total{outcome=\"cancelled\"} 1");
  }
}
