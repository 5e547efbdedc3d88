package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM for a worker and for a gateway with 60 streams that take six times as long as the grace.
 * {@code -Ddrain.seconds=60 -Ddrain.grace=30} for streams of a minute and a grace of half of that.
 */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class DrainTest {
  private static final int STREAMS = 60;
  private static final int SECONDS = Integer.getInteger("drain.seconds", 18);
  private static final int GRACE = Integer.getInteger("drain.grace", 3);
  private static final int PACE = 10;
  private static final int TOKENS = PACE * SECONDS;

  @TempDir private Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch begun = new CountDownLatch(STREAMS);
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private LocalEtcd etcd;

  /** What came of a stream. */
  private record Heard(List<String> events, String lastId) {}

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    for (var pod : List.of("w1", "w2", "w3")) {
      workers.add(
          new WorkerProcess(
              pod,
              etcd.endpoint(),
              folder,
              Map.of(
                  "MAX_BATCH",
                  "100",
                  "BATCH_SLOWDOWN",
                  "0",
                  "DECODE_TOKENS_PER_SECOND",
                  Integer.toString(PACE),
                  "SHUTDOWN_GRACE",
                  grace())));
    }
    gateways.add(gateway("g1", grace()));
    gateways.add(gateway("g2", grace()));
  }

  private GatewayProcess gateway(String pod, String grace) throws IOException {
    return new GatewayProcess(
        pod,
        etcd.endpoint(),
        workers.size(),
        folder,
        Map.of(
            "SHUTDOWN_GRACE", grace,
            // No stream that is handed over may cost any of it
            "RETRY_BUDGET_RATIO", "0",
            "RETRY_BUDGET_PER_SECOND", "0"));
  }

  private static String grace() {
    return GRACE + "s";
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    gateways.forEach(GatewayProcess::close);
    workers.forEach(WorkerProcess::close);
    etcd.close();
    client.close();
  }

  private Heard hear(GatewayProcess gateway, String prompt, String lastId) throws Exception {
    var request =
        HttpRequest.newBuilder(gateway.uri("/chat/completions"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"deepseek-v4-pro\",\"stream\":true,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(TOKENS, prompt)));
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    var lines = client.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body().iterator();
    var events = new ArrayList<String>();
    while (lines.hasNext()) {
      var line = lines.next();
      if (line.startsWith("id: ")) {
        lastId = line.substring(4);
      } else if (line.startsWith("data: ")) {
        events.add(line.substring(6));
        if (events.size() == 2) {
          begun.countDown();
        }
      }
    }
    return new Heard(events, lastId);
  }

  private List<Future<Heard>> streams(GatewayProcess gateway) {
    return IntStream.range(0, STREAMS)
        .mapToObj(i -> threads.submit(() -> hear(gateway, "stream " + i, "")))
        .toList();
  }

  private static void assertWhole(String prompt, List<String> events) {
    assertThat(events).as(prompt).endsWith("[DONE]");
    var chunks = events.subList(0, events.size() - 1).stream().map(Json::parse).toList();
    var chain = new TokenChain(prompt);
    assertThat(
            chunks.stream()
                .map(c -> c.path("choices").path(0).path("delta"))
                .map(d -> d.path("reasoning_content").asString("") + d.path("content").asString(""))
                .collect(Collectors.joining()))
        .as(prompt)
        .isEqualTo(
            IntStream.range(0, TOKENS).mapToObj(_ -> chain.next()).collect(Collectors.joining()));
    assertThat(chunks.stream().map(c -> c.path("id").asString("")).distinct()).hasSize(1);
    assertThat(Usage.of(chunks.getLast().path("usage")).completion()).isEqualTo(TOKENS);
  }

  @Test
  void theStreamsOfAWorkerThatStopsAreGoneOnWithByOthers() throws Exception {
    var gateway = gateways.getFirst();
    var streams = streams(gateway);
    begun.await();
    assertThat(workers.getFirst().terminate()).isZero();
    assertThat(workers.getFirst().log()).last().asString().contains("\"cut_off\":0");
    for (int i = 0; i < STREAMS; i++) {
      assertWhole("stream " + i, streams.get(i).get().events());
    }
    assertThat(gateway.metric("deepseek_api_requests_total{outcome=\"complete\"}"))
        .isEqualTo(STREAMS);
    assertThat(gateway.metric("deepseek_api_resume_seconds_count")).isGreaterThan(5);
    assertThat(gateway.metric("deepseek_api_workers_ejected")).isZero();
    assertThat(gateway.log()).contains("\"failure\":\"drained\"").doesNotContain("broken");
  }

  @Test
  void theClientsOfAGatewayThatStopsAreToldToGoOnAtAnother() throws Exception {
    var gateway = gateways.getFirst();
    var streams = streams(gateway);
    begun.await();
    gateway.terminate();
    List<Future<Heard>> rests = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      var heard = streams.get(i).get();
      var prompt = "stream " + i;
      var last = heard.events().getLast();
      assertThat(last)
          .contains("\"code\":\"draining\"")
          .contains("with the header Last-Event-ID: " + heard.lastId() + " to get the rest");
      rests.add(
          threads.submit(() -> {
            var all = new ArrayList<>(heard.events().subList(0, heard.events().size() - 1));
            all.addAll(hear(gateways.getLast(), prompt, heard.lastId()).events());
            return new Heard(all, "");
          }));
    }
    assertThat(gateway.exitCode()).isZero();
    assertThat(gateway.log().lines().toList()).last().asString().contains("\"cut_off\":0");
    assertThat(gateway.log()).contains("\"outcome\":\"handed_over\"");
    for (int i = 0; i < STREAMS; i++) {
      assertWhole("stream " + i, rests.get(i).get().events());
    }
  }

  @Test
  void whoeverHasNothingYetIsToldToAskAgain() throws Exception {
    // Shorter than its patience with the workers, and with a client that has no sign of life
    var gateway = gateway("g3", "2s");
    gateways.add(gateway);
    for (var worker : workers) {
      worker.freeze();
    }
    var answer =
        client.sendAsync(
            HttpRequest.newBuilder(gateway.uri("/chat/completions"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"deepseek-v4-pro\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    await().until(() -> gateway.metric("deepseek_api_requests_in_flight") == 1);
    gateway.terminate();
    assertThat(answer.get().statusCode()).isEqualTo(503);
    assertThat(answer.get().headers().firstValue("retry-after")).contains("1");
    assertThat(answer.get().body())
        .contains("This gateway is shutting down. Send the same request again.");
    assertThat(gateway.exitCode()).isZero();
  }
}
