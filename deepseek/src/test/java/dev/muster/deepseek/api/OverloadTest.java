package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.upstream.Failure;
import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three times the load that two workers can answer, for ten seconds or {@code -Doverload.seconds}.
 * A third of the clients never asks again, a third does as SDKs do, a third at once.
 */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class OverloadTest {
  private static final int AT_ONCE = 16; // by both workers
  private static final int RETRIES = 3;
  private static final long SECOND = 1_000_000_000;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final ConcurrentLinkedQueue<Long> completed = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Integer> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private LocalEtcd etcd;
  private Gateway gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    gateway = QuietGateway.start(etcd.endpoint(), Map.of("SLOW_START", "0s"));
    var speed =
        Map.of(
            "DECODE_TOKENS_PER_SECOND", "20",
            "MAX_BATCH", Integer.toString(AT_ONCE / 2),
            "BATCH_SLOWDOWN", "0");
    for (var pod : List.of("w1", "w2")) {
      workers.add(new WorkerProcess(pod, etcd.endpoint(), folder, speed));
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> get("/health").contains("\"workers\":2"));
  }

  @AfterEach
  void stop() {
    workers.forEach(WorkerProcess::close);
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.shutdownNow();
  }

  private String get(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":true,\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"more\"}]}";
    var response =
        client.send(
            HttpRequest.newBuilder(uri("/chat/completions"))
                .header("x-request-id", "r" + numbers.incrementAndGet())
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      refusals.add(response.statusCode());
      assertThat(response.headers().firstValue("retry-after")).isPresent();
      assertThat(response.headers().firstValue("x-envoy-ratelimited")).isPresent();
    } else if (response.body().endsWith("data: [DONE]\n\n")) {
      completed.add(System.nanoTime());
    }
    return response;
  }

  /** One that never asks again, one that waits as it is told, and one that does not. */
  private void user(int kind) throws IOException, InterruptedException {
    for (int i = 0; i <= RETRIES; i++) {
      var response = ask();
      if (response.statusCode() == 200 || kind == 0) {
        return;
      }
      if (kind == 1) {
        var told = response.headers().firstValue("retry-after").orElse("1");
        LockSupport.parkNanos(Long.parseLong(told) * SECOND);
      }
    }
  }

  /** How many answers a second come while there is always somebody who waits for one. */
  private double capacity() throws InterruptedException {
    var end = System.nanoTime() + 5 * SECOND;
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < AT_ONCE * 2; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (System.nanoTime() - end < 0) {
                  try {
                    ask();
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }
              }));
    }
    for (var thread : threads) {
      thread.join();
    }
    return rate(end - 3 * SECOND, end);
  }

  private double rate(long from, long to) {
    return completed.stream().filter(t -> t - from >= 0 && t - to < 0).count()
        / ((to - from) / 1e9);
  }

  private List<Future<Integer>> openLoop(
      ExecutorService threads, double perSecond, long from, long to) {
    var users = new ArrayList<Future<Integer>>();
    int sent = 0;
    for (long due = from; due - to < 0; due = from + (long) (++sent / perSecond * SECOND)) {
      LockSupport.parkNanos(due - System.nanoTime());
      int kind = sent % 3;
      users.add(
          threads.submit(() -> {
            user(kind);
            return kind;
          }));
    }
    return users;
  }

  @Test
  void threeTimesTheLoadCostsNoGoodputAndLeavesNothingBehind() throws Exception {
    var capacity = capacity();
    var seconds = Integer.getInteger("overload.seconds", 10);
    var begin = System.nanoTime();
    var end = begin + seconds * SECOND;
    var after = end + 15 * SECOND;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var users = openLoop(threads, 3 * capacity, begin, end);
      users.addAll(openLoop(threads, 0.8 * capacity, end, after));
      for (var user : users) {
        user.get();
      }
    }
    var during = rate(begin + 2 * SECOND, end);
    var then = rate(end + 10 * SECOND, after);
    var ids =
        workers.stream()
            .flatMap(OverloadTest::log)
            .filter(l -> l.contains("\"outcome\"") && !l.contains("\"probe\""))
            .map(l -> Json.parse(l).path("request_id").asString(""))
            .toList();
    var attempts = ids.size() / (double) ids.stream().distinct().count();
    System.out.printf(
        "overload: capacity %.1f/s, during %.1f/s, afterwards %.1f/s of %.1f/s, refused %d,"
            + " attempts per request %.3f%n",
        capacity, during, then, 0.8 * capacity, refusals.size(), attempts);
    assertThat(refusals).isNotEmpty().containsOnly(503);
    assertThat(during).isGreaterThanOrEqualTo(0.9 * capacity);
    assertThat(then).isGreaterThanOrEqualTo(0.95 * 0.8 * capacity);
    assertThat(attempts).isLessThanOrEqualTo(1.1);
    assertThat(get("/metrics"))
        .as("who is busy is not ejected")
        .contains("deepseek_api_worker_ejections_total 0");
    for (var failure : Failure.values()) {
      if (failure != Failure.BUSY) {
        assertThat(get("/metrics"))
            .contains("deepseek_api_worker_failures_total{reason=\"" + failure.label() + "\"} 0");
      }
    }
  }

  private static java.util.stream.Stream<String> log(WorkerProcess worker) {
    try {
      return worker.log().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
