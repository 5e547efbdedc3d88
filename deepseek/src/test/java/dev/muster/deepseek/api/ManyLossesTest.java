package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many streams, in rounds of {@value #STREAMS}. In each round one of two workers is killed, stopped
 * or cut off, while its streams are at random tokens. {@code -Dresume.rounds=50} loses about 1,000
 * streams, and then the times count too.
 */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class ManyLossesTest {
  private static final int STREAMS = 40;

  /** Of fewer rounds a 99th percentile would be the luck of one stream. */
  private static final int ROUNDS_FOR_TIMES = 25;

  /** On a busy machine a loss may come when all streams of a round have ended. */
  private static final int TRIES = 5;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, LinkedWorker> workers = new LinkedHashMap<>();
  private LocalEtcd etcd;
  private Gateway gateway;

  /** How a worker is lost. */
  private enum Loss {
    CRASH,
    STOP,
    PARTITION
  }

  /** A worker that only a link leads to. */
  private record LinkedWorker(WorkerProcess process, FreezableLink link) implements AutoCloseable {
    void lose(Loss loss) throws IOException, InterruptedException {
      switch (loss) {
        case CRASH -> process.kill();
        case STOP -> process.freeze();
        case PARTITION -> link.freeze();
      }
    }

    @Override
    public void close() throws IOException {
      process.close();
      link.close();
    }
  }

  /**
   * What a client got.
   *
   * @param times when each event came, by {@link System#nanoTime}
   */
  private record Answer(String prompt, String worker, List<String> events, List<Long> times) {
    /** The longest wait for an event since this time; 0 if there was none after it. */
    long longestWait(long since) {
      long longest = 0;
      for (int i = 1; i < times.size(); i++) {
        if (times.get(i) - since > 0) {
          longest = Math.max(longest, times.get(i) - Math.max(times.get(i - 1), since));
        }
      }
      return longest;
    }

    boolean hit(String victim, long at) {
      return worker.equals(victim) && times.getFirst() - at < 0 && times.getLast() - at > 0;
    }
  }

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    gateway = QuietGateway.start(etcd.endpoint(), Map.of("SLOW_START", "0s"));
  }

  @AfterEach
  void stop() throws Exception {
    for (var worker : workers.values()) {
      worker.close();
    }
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.shutdownNow();
  }

  private void worker(String pod) throws IOException {
    var port = free();
    var link = new FreezableLink("http://127.0.0.1:" + port);
    var environment =
        Map.of(
            "PORT", Integer.toString(port),
            "ADVERTISE_ADDRESS", link.endpoint().substring("http://".length()));
    workers.put(
        pod, new LinkedWorker(new WorkerProcess(pod, etcd.endpoint(), folder, environment), link));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> get("/debug/workers").contains(Json.quote(pod)));
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + gateway.debugPort() + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Answer answer(String prompt, List<CountDownLatch> reached) throws Exception {
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
    var times = new ArrayList<Long>();
    response
        .body()
        .filter(l -> l.startsWith("data: "))
        .forEach(l -> {
          times.add(System.nanoTime());
          events.add(l.substring(6));
          reached.stream()
              .skip(events.size() - 1L)
              .findFirst()
              .ifPresent(CountDownLatch::countDown);
        });
    reached.forEach(CountDownLatch::countDown);
    return new Answer(
        prompt, response.headers().firstValue("x-served-by").orElse(""), events, times);
  }

  /** Streams that begin at random events of the first, and a loss at a later one. */
  private List<Long> round(String name, Loss loss, String victim, Random random) throws Exception {
    var events = new ArrayList<CountDownLatch>();
    for (int i = 0; i < ResumingTest.TOKENS; i++) {
      events.add(new CountDownLatch(1));
    }
    var half = ResumingTest.TOKENS / 2;
    var at = half + random.nextInt(half);
    List<Future<Answer>> answers = new ArrayList<>();
    long lost;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers.add(threads.submit(() -> answer(name + " stream 0", events)));
      for (int i = 1; i < STREAMS; i++) {
        var prompt = name + " stream " + i;
        var begin = events.get(random.nextInt(at));
        answers.add(
            threads.submit(() -> {
              begin.await();
              return answer(prompt, List.of());
            }));
      }
      events.get(at).await();
      lost = System.nanoTime();
      Objects.requireNonNull(workers.get(victim)).lose(loss);
    }
    var waits = new ArrayList<Long>();
    for (var future : answers) {
      var answer = future.get();
      ResumingTest.assertWhole(answer.prompt(), answer.events());
      if (answer.hit(victim, lost)) {
        waits.add(answer.longestWait(lost));
      }
    }
    return waits;
  }

  @Test
  void whateverTheirWorkersDieOfTheStreamsAreWhole() throws Exception {
    long seed = Long.getLong("resume.seed", System.nanoTime());
    int rounds = Integer.getInteger("resume.rounds", 3);
    System.out.println("resume.seed=" + seed + " resume.rounds=" + rounds);
    var random = new Random(seed);
    var waits = new EnumMap<Loss, List<Long>>(Loss.class);
    worker("w1");
    worker("w2");
    int pods = 2;
    for (int round = 0; round < rounds; round++) {
      var loss = Loss.values()[round % 3];
      List<Long> hit = List.of();
      for (int n = 0; hit.isEmpty() && n < TRIES; n++) {
        var victim = workers.keySet().stream().toList().get(random.nextInt(2));
        hit = round("round %d.%d".formatted(round, n), loss, victim, random);
        Objects.requireNonNull(workers.remove(victim)).close();
        pods++;
        worker("w" + pods);
      }
      waits.computeIfAbsent(loss, _ -> new ArrayList<>()).addAll(hit);
    }
    waits.forEach((loss, times) -> {
      assertThat(times).as("streams that lost their worker by " + loss).isNotEmpty();
      System.out.println(loss + ": " + summary(times));
      if (rounds >= ROUNDS_FOR_TIMES) {
        assertThat(percentile(times, 0.99)).isLessThan(loss == Loss.CRASH ? 1000 : 3000);
      }
    });
  }

  private static String summary(List<Long> nanos) {
    return "%d streams lost their worker, next token after p50 %d ms, p99 %d ms, max %d ms"
        .formatted(
            nanos.size(), percentile(nanos, 0.5), percentile(nanos, 0.99), percentile(nanos, 1));
  }

  /** In milliseconds. */
  private static long percentile(List<Long> nanos, double share) {
    var sorted = nanos.stream().sorted().toList();
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1) / 1_000_000;
  }
}
