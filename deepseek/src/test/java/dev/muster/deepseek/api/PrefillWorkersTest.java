package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Workers that read prompts, others that write the answers, and what happens when one is lost. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class PrefillWorkersTest {
  private static final String RECEIVED = "deepseek_worker_prefills_total{by=\"prefill_worker\"}";
  private static final String ITSELF = "deepseek_worker_prefills_total{by=\"itself\"}";

  /** 4,000 tokens: two seconds to read, 562 ms to hand over. */
  private static final String PROMPT = "a long prompt ".repeat(953).substring(0, 13_334);

  private static final Map<String, String> SPEED =
      Map.of("PREFILL_TOKENS_PER_SECOND", "2000", "KV_GIGABYTES_PER_SECOND", "0.5");

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, WorkerProcess> workers = new HashMap<>();
  private LocalEtcd etcd;
  private Gateway gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    gateway = QuietGateway.start(etcd.endpoint(), Map.of("SLOW_START", "0s"));
  }

  @AfterEach
  void stop() {
    workers.values().forEach(WorkerProcess::close);
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.shutdownNow();
  }

  private void start(String role, String... pods) throws IOException {
    var environment = new HashMap<>(SPEED);
    environment.put("ROLE", role);
    for (var pod : pods) {
      workers.put(pod, new WorkerProcess(pod, etcd.endpoint(), folder, environment));
    }
  }

  private WorkerProcess running(String pod) {
    return Objects.requireNonNull(workers.get(pod), pod);
  }

  /** Until the gateway knows these decode workers, and each of them so many prefill workers. */
  private void awaitKnown(int prefill, String... pods) {
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions() // where a worker is comes last in its log
        .untilAsserted(() -> {
          assertThat(Json.parse(get("/debug/workers")).path("workers").valueStream())
              .map(w -> w.asString(""))
              .containsExactlyInAnyOrder(pods);
          for (var pod : pods) {
            assertThat(running(pod).metric("deepseek_worker_prefill_workers")).isEqualTo(prefill);
          }
        });
  }

  private String get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + gateway.debugPort() + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private interface Act {
    void on(String worker) throws Exception;
  }

  /** The events of an answer; does something once so many are there. */
  private List<String> answer(String prompt, int at, Act act) throws Exception {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":true,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(ResumingTest.TOKENS, prompt);
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.port() + "/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var response = client.send(request, HttpResponse.BodyHandlers.ofLines());
    var events = new ArrayList<String>();
    for (var lines = response.body().iterator(); lines.hasNext(); ) {
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

  private CompletableFuture<List<String>> inBackground(String prompt) {
    var future = new CompletableFuture<List<String>>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            future.complete(answer(prompt, -1, _ -> {}));
          } catch (Exception e) {
            future.completeExceptionally(e);
          }
        });
    return future;
  }

  @Test
  void theFirstTokenComesAfterReadingAndHandOver() throws Exception {
    start("decode", "d1");
    start("prefill", "p1");
    awaitKnown(1, "d1");
    var begin = System.nanoTime();
    var first = new long[1];
    var events = answer(PROMPT, 1, _ -> first[0] = System.nanoTime());
    ResumingTest.assertWhole(PROMPT, events);
    assertThat((first[0] - begin) / 1e9).as("2 s and 562 ms").isBetween(2.56, 10.0);
    assertThat(running("d1").metric(RECEIVED)).isEqualTo(1);
    assertThat(running("d1").metric("deepseek_worker_kv_handover_bytes_total"))
        .isEqualTo(4_000 * 70_272.0);
    assertThat(running("d1").metric("deepseek_worker_kv_handover_seconds_sum"))
        .isBetween(0.562, 5.0);
    assertThat(running("d1").metric("vllm:time_to_first_token_seconds_sum"))
        .as("by the decode worker's own account")
        .isBetween(2.56, 10.0);
    assertThat(running("d1").metric("vllm:iteration_tokens_total_sum"))
        .as("tokens that the decode worker computed")
        .isEqualTo(ResumingTest.TOKENS + 1);
    assertThat(running("p1").metric("vllm:iteration_tokens_total_sum")).isEqualTo(4_001);
  }

  @Test
  void whereAPrefillWorkerDiesInAPromptAnotherReadsIt() throws Exception {
    start("decode", "d1");
    start("prefill", "p1", "p2");
    awaitKnown(2, "d1");
    var answer = inBackground(PROMPT);
    kill(reading("p1", "p2"));
    ResumingTest.assertWhole(PROMPT, answer.get());
    assertThat(running("d1").metric("deepseek_worker_prefill_failures_total")).isEqualTo(1);
    assertThat(running("d1").metric(RECEIVED)).isEqualTo(1);
    assertThat(running("d1").metric(ITSELF)).isZero();
  }

  @Test
  void whereNoneIsLeftTheDecodeWorkerReadsItself() throws Exception {
    start("decode", "d1");
    start("prefill", "p1");
    awaitKnown(1, "d1");
    var answer = inBackground(PROMPT);
    kill(reading("p1"));
    ResumingTest.assertWhole(PROMPT, answer.get());
    assertThat(running("d1").metric(ITSELF)).isEqualTo(1);
    awaitKnown(0, "d1");
    ResumingTest.assertWhole("none is known", answer("none is known", -1, _ -> {}));
    assertThat(running("d1").metric(ITSELF)).isEqualTo(2);
    assertThat(running("d1").metric(RECEIVED)).isZero();
  }

  @Test
  void aPrefillWorkerThatIsSilentIsLeftForAnother() throws Exception {
    start("decode", "d1");
    start("prefill", "p1", "p2");
    awaitKnown(2, "d1");
    var answer = inBackground(PROMPT);
    running(reading("p1", "p2")).freeze();
    ResumingTest.assertWhole(PROMPT, answer.get());
    assertThat(running("d1").metric(RECEIVED)).isEqualTo(1);
  }

  @Test
  void whoeverGoesOnForALostDecodeWorkerHasPromptAndPrefixRead() throws Exception {
    start("decode", "d1", "d2");
    start("prefill", "p1");
    awaitKnown(1, "d1", "d2");
    var lost = new ArrayList<String>();
    var events =
        answer(
            "decode worker lost",
            20,
            pod -> {
              lost.add(pod);
              running(pod).kill();
            });
    ResumingTest.assertWhole("decode worker lost", events);
    var other = running(lost.getFirst().equals("d1") ? "d2" : "d1");
    assertThat(other.metric(RECEIVED)).isEqualTo(1);
    assertThat(other.metric("deepseek_worker_kv_handover_bytes_total"))
        .as("5 tokens of the prompt, and those that the client had")
        .isGreaterThanOrEqualTo((5 + 18) * 70_272.0);
  }

  /** Which of them reads a prompt. */
  private String reading(String... pods) {
    var found = new ArrayList<String>();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .until(() -> {
          for (var pod : pods) {
            if (running(pod).metric("vllm:num_requests_running") > 0) {
              found.add(pod);
            }
          }
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  private void kill(String pod) {
    running(pod).kill();
  }
}
