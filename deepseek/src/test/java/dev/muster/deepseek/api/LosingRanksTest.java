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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Two groups of three ranks, each in a process of its own, one of which loses a follower. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class LosingRanksTest {
  private static final int STREAMS = 12;
  private static final int AT = 12;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, WorkerProcess> ranks = new HashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private LocalEtcd etcd;
  private Gateway gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    gateway = QuietGateway.start(etcd.endpoint(), Map.of("SLOW_START", "0s"));
    for (var group : List.of("0", "1")) {
      ports.put(group, free());
      rank(group, "w-" + group, Map.of());
      follower(group, "f-%s-0".formatted(group));
      follower(group, "f-%s-1".formatted(group));
    }
    awaitWorkers("w-0", "w-1");
  }

  @AfterEach
  void stop() {
    ranks.values().forEach(WorkerProcess::close);
    gateway.drain(Duration.ZERO);
    etcd.close();
    client.shutdownNow();
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void rank(String group, String pod, Map<String, String> more) throws IOException {
    var environment =
        new HashMap<>(
            Map.of(
                "GROUP_SIZE", "3",
                "GROUP_PORT", Objects.requireNonNull(ports.get(group)).toString(),
                // six processes that start at once on a busy machine are slow, and none of them
                // lost
                "GROUP_TIMEOUT", "6s"));
    environment.putAll(more);
    ranks.put(pod, new WorkerProcess(pod, etcd.endpoint(), folder, environment));
  }

  private void follower(String group, String pod) throws IOException {
    rank(group, pod, Map.of("GROUP_LEADER", "127.0.0.1:" + ports.get(group)));
  }

  private WorkerProcess running(String pod) {
    return Objects.requireNonNull(ranks.get(pod), pod);
  }

  private void awaitWorkers(String... pods) {
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() ->
            assertThat(Json.parse(get("/debug/workers")).path("workers").valueStream())
                .map(w -> w.asString(""))
                .containsExactlyInAnyOrder(pods));
  }

  private String get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + gateway.debugPort() + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The events of an answer; a latch is counted down at its {@value #AT}th. */
  private List<String> answer(String prompt, CountDownLatch reached) throws Exception {
    var body =
        "{\"model\":\"deepseek-v4-pro\",\"stream\":true,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(ResumingTest.TOKENS, prompt);
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.port() + "/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    var events = new ArrayList<String>();
    client
        .send(request, HttpResponse.BodyHandlers.ofLines())
        .body()
        .filter(l -> l.startsWith("data: "))
        .forEach(l -> {
          events.add(l.substring(6));
          if (events.size() == AT) {
            reached.countDown();
          }
        });
    return events;
  }

  private interface Act {
    void run() throws Exception;
  }

  /** Does something to a group while it answers; all answers have to be whole. */
  private void whileAnswering(String round, Act act) throws Exception {
    var reached = new CountDownLatch(STREAMS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new HashMap<String, Future<List<String>>>();
      for (int i = 0; i < STREAMS; i++) {
        var prompt = "%s stream %d".formatted(round, i);
        answers.put(prompt, threads.submit(() -> answer(prompt, reached)));
      }
      reached.await();
      act.run();
      for (var answer : answers.entrySet()) {
        ResumingTest.assertWhole(answer.getKey(), answer.getValue().get());
      }
    }
  }

  private long told(String pod, String what) throws IOException {
    return running(pod).log().stream().filter(l -> l.contains(what)).count();
  }

  private void awaitPresent(int ranks) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions() // where it is comes last in its log
        .untilAsserted(() ->
            assertThat(running("w-0").metric("deepseek_worker_group_ranks_present"))
                .isEqualTo(ranks));
  }

  @Test
  void aGroupThatLosesAFollowerLosesNoAnswerAndComesBack() throws Exception {
    awaitPresent(3);
    assertThat(running("w-0").metric("deepseek_worker_group_size")).isEqualTo(3);
    whileAnswering("killed", () -> running("f-0-1").kill());
    assertThat(told("w-0", "\"outcome\":\"lost\"")).as("answers that were at it").isPositive();
    assertThat(told("w-0", "rank 2 is gone")).isPositive();
    assertThat(running("f-0-0").exitCode()).as("a follower that lost its leader").isEqualTo(1);
    awaitPresent(1);
    awaitWorkers("w-1");
    whileAnswering("while it is away", () -> {});

    follower("0", "f-0-0"); // as the kubelet does
    follower("0", "f-0-1");
    awaitWorkers("w-0", "w-1");
    awaitPresent(3);
    var before = told("w-0", "\"outcome\":\"complete\"");
    whileAnswering("again", () -> {});
    assertThat(told("w-0", "\"outcome\":\"complete\"")).isGreaterThan(before);
  }

  @Test
  void aFollowerThatIsSilentIsLost() throws Exception {
    whileAnswering("silent", () -> running("f-0-0").freeze());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> told("w-0", "rank 1 is gone: silent for more than 6000 ms") > 0);
    assertThat(running("f-0-1").exitCode()).isEqualTo(1);
    awaitWorkers("w-1");
    running("f-0-0").thaw();
    assertThat(running("f-0-0").exitCode()).as("its leader sent it away").isEqualTo(1);
  }

  @Test
  void followersThatLoseTheirLeaderEndAndComeToTheNext() throws Exception {
    whileAnswering("leader killed", () -> running("w-0").kill());
    assertThat(running("f-0-0").exitCode()).isEqualTo(1);
    assertThat(running("f-0-1").exitCode()).isEqualTo(1);
    awaitWorkers("w-1");
    follower("0", "f-0-0");
    follower("0", "f-0-1");
    rank("0", "w-0", Map.of());
    awaitWorkers("w-0", "w-1");
    awaitPresent(3);
  }

  @Test
  void aFollowerThatIsToEndWaitsForItsLeaderToHandOver() throws Exception {
    whileAnswering(
        "term",
        () -> assertThat(running("f-0-0").terminate()).as("as a pod that is deleted").isZero());
    assertThat(told("w-0", "a rank leaves, draining")).isPositive();
    assertThat(told("w-0", "\"outcome\":\"lost\"")).isZero();
    assertThat(running("f-0-1").exitCode()).isEqualTo(1);
    awaitWorkers("w-1");
  }
}
