package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.Chunks;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Answers whose workers are lost in their middle, and who goes on with them. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class ResumingTest {
  static final int TOKENS = 60;
  private static final String TOOLS =
      """
      ,"tools":[{"type":"function","function":{"name":"f","parameters":{"required":["a"],
      "properties":{"a":{"type":"string","minLength":200}}}}}]\
      """;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, WorkerProcess> workers = new ConcurrentHashMap<>();
  private LocalEtcd etcd;
  private Gateway gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    gateway = gateway(Map.of());
  }

  private Gateway gateway(Map<String, String> more) {
    var environment =
        new HashMap<>(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "DEBUG_PORT", "0",
                "POD_NAME", "gateway",
                "ETCD_ENDPOINTS", etcd.endpoint(),
                "ON_LOSS", "resume",
                "SLOW_START", "0s",
                "WATCH_SILENCE", "1s",
                "DRAIN_DELAY", "0s"));
    environment.putAll(more);
    var quiet = new PrintStream(PrintStream.nullOutputStream());
    return Gateway.start(
        GatewayConfig.from(environment),
        InstantSource.system(),
        new Log(quiet, InstantSource.system(), "api", "gateway"));
  }

  @AfterEach
  void stop() throws Exception {
    workers.values().forEach(WorkerProcess::close);
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.close();
  }

  private void worker(String pod) throws IOException {
    worker(pod, Map.of());
  }

  private void worker(String pod, Map<String, String> environment) throws IOException {
    workers.put(pod, new WorkerProcess(pod, etcd.endpoint(), folder, environment));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(gateway.debugPort(), "/debug/workers").contains(Json.quote(pod)));
  }

  private String get(int port, String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private HttpRequest ask(String prompt, boolean stream, String more) {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":%s,\"max_tokens\":%d%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(stream, TOKENS, more, prompt);
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + gateway.port() + "/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** Reads a stream, and does something once so many events have come. */
  private List<String> events(String prompt, String more, int at, Act act) throws Exception {
    var response = client.send(ask(prompt, true, more), HttpResponse.BodyHandlers.ofLines());
    var events = new ArrayList<String>();
    var lines = response.body().iterator();
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.startsWith("data: ")) {
        events.add(line.substring(6));
        if (events.size() == at) {
          act.on(response.headers().firstValue("x-served-by").orElseThrow());
        }
      }
    }
    return events;
  }

  private interface Act {
    void on(String worker) throws Exception;
  }

  private WorkerProcess running(String pod) {
    return Objects.requireNonNull(workers.get(pod), pod);
  }

  static String expected(String prompt) {
    var chain = new TokenChain(prompt);
    return IntStream.range(0, TOKENS).mapToObj(_ -> chain.next()).collect(Collectors.joining());
  }

  static void assertWhole(String prompt, List<String> events) {
    assertThat(events).as(prompt).endsWith("[DONE]");
    var chunks = events.subList(0, events.size() - 1).stream().map(Json::parse).toList();
    assertThat(text(chunks)).as(prompt).isEqualTo(expected(prompt));
    assertThat(chunks.stream().map(c -> c.path("id").asString("")).distinct()).hasSize(1);
    assertThat(chunks.stream().map(c -> c.path("created").asLong()).distinct()).hasSize(1);
    var usage = Usage.of(chunks.getLast().path("usage"));
    assertThat(usage.completion()).as(prompt).isEqualTo(TOKENS);
    assertThat(usage.prompt()).as(prompt).isEqualTo(prompt.length() * 3 / 10);
    assertThat(usage.reasoning()).as(prompt).isEqualTo(TOKENS / 5);
  }

  @Test
  void anotherWorkerGoesOnWithWhatTheClientHas() throws Exception {
    worker("w1");
    worker("w2");
    for (int at : new int[] {1, 2, 9, 40, TOKENS + 1}) {
      var prompt = "killed at event " + at;
      var events =
          events(
              prompt,
              "",
              at,
              pod -> {
                running(pod).kill();
                workers.remove(pod);
              });
      assertWhole(prompt, events);
      worker("w" + (10 + at));
    }
    var metrics = get(gateway.port(), "/metrics");
    assertThat(metrics).contains("requests_total{outcome=\"complete\"} 5");
    assertThat(metrics).containsPattern("deepseek_api_resume_seconds_count [345]");
  }

  @Test
  void whoeverGoesOnWithItEndsItAtItsStopSequence() throws Exception {
    worker("w1");
    worker("w2");
    var events = events("stop", ",\"stop\":\"50.\"", 20, pod -> running(pod).kill());
    assertThat(events).endsWith("[DONE]");
    var chunks = events.subList(0, events.size() - 1).stream().map(Json::parse).toList();
    var all = expected("stop");
    assertThat(text(chunks)).isEqualTo(all.substring(0, all.indexOf("50.")));
    assertThat(Usage.of(chunks.getLast().path("usage")).completion()).isEqualTo(50);
    assertThat(chunks.getLast().at("/choices/0/finish_reason").asString("")).isEqualTo("stop");
  }

  private static String text(List<JsonNode> chunks) {
    return chunks.stream()
        .map(c -> c.path("choices").path(0).path("delta"))
        .map(d -> d.path("reasoning_content").asString("") + d.path("content").asString(""))
        .collect(Collectors.joining());
  }

  @Test
  void aSilentWorkerIsLeftForAnother() throws Exception {
    worker("w1");
    worker("w2");
    assertWhole("silent", events("silent", "", 10, pod -> running(pod).freeze()));
  }

  /** Its lease outlives its silence, so that only the gateway's probe can bring it back. */
  @Test
  void aWorkerThatWasSilentComesBackByAProbe() throws Exception {
    worker("w1", Map.of("LEASE_TTL", "60s"));
    worker("w2", Map.of("LEASE_TTL", "60s"));
    var silent = new ArrayList<String>();
    var events =
        events(
            "back",
            "",
            10,
            pod -> {
              silent.add(pod);
              running(pod).freeze();
            });
    assertWhole("back", events);
    assertThat(get(gateway.port(), "/metrics")).contains("deepseek_api_workers_ejected 1");
    running(silent.getFirst()).thaw();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(gateway.port(), "/metrics").contains("deepseek_api_workers_ejected 0"));
    await()
        .untilAsserted(() ->
            assertThat(running(silent.getFirst()).log())
                .as("a line of nobody's request")
                .anyMatch(
                    l -> l.contains("\"outcome\":\"complete\"") && !l.contains("request_id")));
  }

  @Test
  void whatCanNotBeResumedIsRefusedInsideTheStream() throws Exception {
    worker("w1");
    worker("w2");
    var events = events("tools", TOOLS, 10, pod -> running(pod).kill());
    assertThat(events).doesNotContain("[DONE]");
    assertThat(events.getLast()).contains("an answer with `tools` can not be resumed");
  }

  @Test
  void whereNobodyIsLeftItIsToldInsideTheStream() throws Exception {
    worker("w1");
    var events = events("alone", "", 10, pod -> running(pod).kill());
    assertThat(events.getLast()).contains("no other worker is there");
  }

  @Test
  void aWholeAnswerIsGoneOnWithToo() throws Exception {
    worker("w1", Map.of("DECODE_TOKENS_PER_SECOND", "20"));
    var answer = client.sendAsync(ask("whole", false, ""), HttpResponse.BodyHandlers.ofString());
    await().until(() -> get(gateway.port(), "/metrics").contains("first_token_seconds_count 1"));
    worker("w2");
    running("w1").kill();
    var body = Json.parse(answer.get().body());
    var message = body.path("choices").path(0).path("message");
    assertThat(
            message.path("reasoning_content").asString("") + message.path("content").asString(""))
        .isEqualTo(expected("whole"));
    assertThat(Usage.of(body.path("usage")).completion()).isEqualTo(TOKENS);
  }

  /** As one whose gateway was lost; the other gateway knows nothing of the answer. */
  @Test
  void aClientGoesOnFromItsLastEventAtAnyGateway() throws Exception {
    worker("w1");
    worker("w2");
    var request = ask("gateway lost", true, "");
    var whole = lines(request);
    gateway.drain(Duration.ZERO);
    gateway = gateway(Map.of("POD_NAME", "another"));
    await().until(() -> get(gateway.debugPort(), "/debug/workers").contains("w1"));
    var again = ask("gateway lost", true, "");
    for (int had : new int[] {1, 2, 30, TOKENS + 1, TOKENS + 2}) {
      var last = 3 * (had - 1); // id, data and a blank line each
      assertThat(whole.get(last)).startsWith("id: ");
      var rest =
          lines(
              HttpRequest.newBuilder(again, (_, _) -> true)
                  .header("Last-Event-ID", whole.get(last).substring(4))
                  .build());
      assertThat(rest.stream().map(ResumingTest::json).toList())
          .as("had %d", had)
          .isEqualTo(
              whole.subList(last + 3, whole.size()).stream().map(ResumingTest::json).toList());
    }
  }

  /** A comment is a sign of life, and comes or not. */
  private List<String> lines(HttpRequest request) throws IOException, InterruptedException {
    var body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    return body.replace(Chunks.KEEP_ALIVE, "").lines().toList();
  }

  /** A chunk whatever the order of its fields, else the line itself. */
  private static Object json(String line) {
    return line.startsWith("data: {") ? Json.parse(line.substring(6)) : line;
  }

  @Test
  void modelsAndBalanceAreForWhoHasAKey() throws Exception {
    gateway.drain(Duration.ZERO);
    gateway = gateway(Map.of("API_KEYS", "sk-1"));
    assertThat(get(gateway.port(), "/models")).isEqualTo("Authentication Fails (governor)");
    assertThat(get(gateway.port(), "/user/balance")).isEqualTo("Authentication Fails (governor)");
    gateway.drain(Duration.ZERO);
    gateway = gateway(Map.of());
    assertThat(get(gateway.port(), "/v1/models/deepseek-v4-pro"))
        .isEqualTo("{\"id\":\"deepseek-v4-pro\",\"object\":\"model\",\"owned_by\":\"deepseek\"}");
    assertThat(get(gateway.port(), "/models/gpt")).contains("Not found: /models/gpt");
    assertThat(get(gateway.port(), "/user/balance")).contains("\"is_available\":true");
  }

  @Test
  void itIsCutWhereThatIsAskedFor() throws Exception {
    gateway.drain(Duration.ZERO);
    gateway = gateway(Map.of("ON_LOSS", "cut"));
    worker("w1");
    worker("w2");
    var events = events("cut", "", 10, pod -> running(pod).kill());
    assertThat(events).doesNotContain("[DONE]");
    assertThat(events.getLast()).doesNotContain("error").contains("choices");
  }
}
