package dev.muster.deepseek.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.Gateway;
import dev.muster.deepseek.api.LocalEtcd;
import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The gateway before three of llama.cpp's servers, which are killed and stopped in mid-stream. */
@EnabledIf(
    value = "installable",
    disabledReason = "needs /usr/bin/etcd and python3 with pip: etcd-server, python3-pip")
class LlamaCppTest {
  private static final int TOKENS = 400;
  private static final int STREAMS = 6;
  private static final int TRIES = 5;

  /** Width of the model: at 400 tokens a second or so it is lost in mid-stream. */
  private static final int SLOW = 49_152;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, LlamaServer> servers = new LinkedHashMap<>();
  private final List<Sidecar> sidecars = new ArrayList<>();
  private final Log quiet =
      new Log(new PrintStream(PrintStream.nullOutputStream()), InstantSource.system(), "", "");
  private LocalEtcd etcd;
  private Gateway gateway;

  static boolean installable() {
    return LlamaServer.installable();
  }

  private record Answer(String worker, String text, int prompt, int completion, String end) {}

  private interface Act {
    void on(String worker) throws Exception;
  }

  @BeforeEach
  void start() throws Exception {
    LlamaServer.install();
    etcd = new LocalEtcd(folder);
    for (var pod : List.of("llama-0", "llama-1", "llama-2")) {
      servers.put(pod, new LlamaServer(folder.resolve(pod), SLOW, Map.of()));
    }
    gateway =
        Gateway.start(
            GatewayConfig.from(
                Map.of(
                    "HOST", "127.0.0.1",
                    "PORT", "0",
                    "DEBUG_PORT", "0",
                    "ETCD_ENDPOINTS", etcd.endpoint(),
                    "WORKER_API", "openai",
                    "SLOW_START", "0s",
                    "DRAIN_DELAY", "0s")),
            InstantSource.system(),
            quiet);
    for (var server : servers.entrySet()) {
      server.getValue().ready();
      var environment =
          Map.of(
              "HOST", "127.0.0.1",
              "PORT", "0",
              "POD_NAME", server.getKey(),
              "ENGINE_URL", server.getValue().url(),
              "ETCD_ENDPOINTS", etcd.endpoint());
      sidecars.add(Sidecar.start(EngineConfig.from(environment), quiet));
    }
    awaitKnown("llama-0", true);
    awaitKnown("llama-1", true);
    awaitKnown("llama-2", true);
  }

  @AfterEach
  void stop() {
    servers.values().forEach(LlamaServer::close);
    sidecars.forEach(sidecar -> sidecar.drain(Duration.ZERO));
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.close();
  }

  private void awaitKnown(String pod, boolean known) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(gateway.debugPort(), "/debug/workers").contains(Json.quote(pod)) == known);
  }

  private String get(int port, String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private double resumes() throws IOException, InterruptedException {
    return get(gateway.port(), "/metrics")
        .lines()
        .filter(line -> line.startsWith("deepseek_api_resume_seconds_count "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  private HttpRequest ask(int question, boolean stream) {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"temperature\":0,\"stream\":%s,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"}]}"
            .formatted(stream, TOKENS, question);
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + gateway.port() + "/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** Reads a stream, and does something once so many chunks have come. */
  private Answer stream(int question, int at, Act act) throws Exception {
    var response = client.send(ask(question, true), HttpResponse.BodyHandlers.ofLines());
    assertThat(response.headers().firstValue("x-muster-tokens"))
        .as("its text is no chain of tokens")
        .isEmpty();
    var worker = response.headers().firstValue("x-served-by").orElseThrow();
    var chunks = new ArrayList<JsonNode>();
    var end = "";
    var lines = response.body().iterator();
    while (lines.hasNext()) {
      var line = lines.next();
      assertThat(line).as("an engine may not say the same again").doesNotStartWith("id:");
      if (line.startsWith("data: {")) {
        chunks.add(Json.parse(line.substring(6)));
        if (chunks.size() == at) {
          act.on(worker);
        }
      } else if (line.startsWith("data: ")) {
        end = line.substring(6);
      }
    }
    assertThat(chunks.stream().map(c -> c.path("id").asString("")).distinct()).hasSize(1);
    assertThat(chunks.stream().map(c -> c.path("model").asString("")).distinct())
        .containsExactly("deepseek-v4-pro");
    var text =
        chunks.stream()
            .map(c -> c.at("/choices/0/delta/content").asString(""))
            .collect(Collectors.joining());
    var last = chunks.getLast();
    return answer(worker, text, last, last.at("/choices/0/finish_reason").asString("") + end);
  }

  private Answer whole(int question) throws Exception {
    var response = client.send(ask(question, false), HttpResponse.BodyHandlers.ofString());
    var body = Json.parse(response.body());
    var choice = body.at("/choices/0");
    return answer(
        response.headers().firstValue("x-served-by").orElseThrow(),
        choice.at("/message/content").asString(""),
        body,
        choice.path("finish_reason").asString("") + "[DONE]");
  }

  private static Answer answer(String worker, String text, JsonNode of, String end) {
    var usage = Usage.of(of.path("usage"));
    return new Answer(worker, text, usage.prompt(), usage.completion(), end);
  }

  /** All questions at once, the last ones without a stream; what is done is done to the first. */
  private List<Answer> answers(int at, Act act) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<Answer>>();
      for (int i = 0; i < STREAMS; i++) {
        int question = i;
        Callable<Answer> ask =
            question < STREAMS - 2
                ? () -> stream(question, question == 0 ? at : -1, act)
                : () -> whole(question);
        running.add(executor.submit(ask));
      }
      var answers = new ArrayList<Answer>();
      for (var each : running) {
        answers.add(each.get());
      }
      return answers;
    }
  }

  private static void assertSame(List<Answer> answers, List<Answer> undisturbed, String name) {
    for (int i = 0; i < STREAMS; i++) {
      var expected = undisturbed.get(i);
      assertThat(answers.get(i))
          .as("%s, question %d", name, i)
          .usingRecursiveComparison()
          .ignoringFields("worker")
          .isEqualTo(expected);
    }
  }

  @Test
  void textIsGoneOnWithWhereAnEngineIsLost() throws Exception {
    long seed = System.nanoTime();
    var chance = new Random(seed);
    var undisturbed = answers(-1, _ -> {});
    assertThat(undisturbed)
        .allSatisfy(a -> {
          assertThat(a.text().codePoints()).hasSize(TOKENS);
          assertThat(a.completion()).isEqualTo(TOKENS);
          assertThat(a.end()).isEqualTo("length[DONE]");
        });
    var killed = lost("seed " + seed + ", killed", chance, undisturbed, p -> server(p).kill());
    server(killed).restart();
    awaitKnown(killed, true);
    lost("seed " + seed + ", stopped", chance, undisturbed, p -> server(p).stop());
  }

  /** Loses the engine of the first answer, until that is before its answers are complete. */
  private String lost(String name, Random chance, List<Answer> undisturbed, Act act)
      throws Exception {
    for (int i = 0; i < TRIES; i++) {
      double before = resumes();
      var answers = answers(5 + chance.nextInt(60), act);
      assertSame(answers, undisturbed, name);
      var worker = answers.getFirst().worker();
      awaitKnown(worker, false);
      if (resumes() > before) {
        return worker;
      }
      server(worker).kill();
      server(worker).restart();
      awaitKnown(worker, true);
    }
    throw new AssertionError(name + ": each time all answers were complete before");
  }

  /** What the engine refuses is the client's error in the engine's words, and no failure of it. */
  @Test
  void whatAnEngineRefusesIsRefused() throws Exception {
    var request =
        HttpRequest.newBuilder(ask(0, true), (_, _) -> true)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"deepseek-v4-pro\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted("x".repeat(2000))))
            .build();
    var response = client.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("exceeds the available context size");
    assertThat(get(gateway.port(), "/metrics")).contains("deepseek_api_workers_ejected 0");

    var again =
        HttpRequest.newBuilder(ask(0, true), (_, _) -> true).header("Last-Event-ID", "1-a-7");
    var refused = client.send(again.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Last-Event-ID");
  }

  private LlamaServer server(String pod) {
    return Objects.requireNonNull(servers.get(pod), pod);
  }
}
