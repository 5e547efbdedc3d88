package dev.muster.deepseek.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One gateway with a heap of 64 MiB, and clients that mean it no good. */
@Timeout(180)
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class HostileClientsTest {
  private static final int PLACES = 64;
  private static final String POST = "POST /chat/completions HTTP/1.1\r\nHost: a\r\n";

  @TempDir private Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private LocalEtcd etcd;
  private WorkerProcess worker;
  private GatewayProcess gateway;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    worker =
        new WorkerProcess(
            "w1",
            etcd.endpoint(),
            folder,
            Map.of(
                "MAX_BATCH", "100",
                "CONTEXT_TOKENS", "400000",
                "BATCH_SLOWDOWN", "0",
                "DECODE_TOKENS_PER_SECOND", "500",
                "PREFILL_TOKENS_PER_SECOND", "9000000"));
    gateway =
        new GatewayProcess(
            "gateway",
            etcd.endpoint(),
            1,
            folder,
            Map.of(
                "MAX_CONCURRENCY", Integer.toString(PLACES),
                "RECEIVE_TIMEOUT", "3s",
                "WRITE_TIMEOUT", "2s"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    worker.close();
    etcd.close();
    client.close();
  }

  private static String body(String prompt, int tokens, boolean stream) {
    return "{\"model\":\"deepseek-v4-pro\",\"stream\":%s,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(stream, tokens, prompt);
  }

  private HttpRequest ask(String prompt, int tokens) {
    return HttpRequest.newBuilder(gateway.uri("/chat/completions"))
        .timeout(Duration.ofSeconds(30))
        .POST(HttpRequest.BodyPublishers.ofString(body(prompt, tokens, true)))
        .build();
  }

  private void assertAnswers() throws Exception {
    assertThat(gateway.lives()).as(gateway.log()).isTrue();
    var answer = client.send(ask("hello", 5), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  private void assertAnswersSoon() {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(this::assertAnswers);
  }

  /** A client that has sent so much. */
  private Socket sent(String text) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(2048);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return socket;
  }

  private static String whole(String body) {
    return POST + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (var socket : sockets) {
      socket.close();
    }
  }

  @Test
  void sixtyPromptsOfAMegabyteAtATime() throws Exception {
    var prompt = "x".repeat(1 << 20);
    var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 60; i++) {
      answers.add(client.sendAsync(ask(prompt, 5), HttpResponse.BodyHandlers.ofString()));
    }
    int served = 0;
    for (var each : answers) {
      var answer = each.get();
      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 503);
      if (answer.statusCode() == 503) {
        assertThat(answer.headers().firstValue("retry-after")).contains("1");
      } else {
        served++;
      }
    }
    assertThat(served).isPositive();
    assertAnswers();
  }

  @Test
  void clientsThatDoNotRead() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < PLACES; i++) {
        sockets.add(sent(whole(body("mute " + i, 300_000, true))));
      }
      assertAnswersSoon();
    } finally {
      close(sockets);
    }
  }

  /** As many connections as the gateway takes, none of which reads what it asks for. */
  @Test
  void pagesThatNobodyReads() throws Exception {
    var pages = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 512; i++) {
        sockets.add(sent(pages));
      }
      assertAnswersSoon();
    } finally {
      close(sockets);
    }
  }

  /** Heads, then bodies, of which a byte comes each half second. */
  @ParameterizedTest
  @ValueSource(strings = {"X-Slow: ", "Content-Length: 500\r\n\r\n"})
  void requestsThatTrickle(String begin) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    List<ScheduledFuture<?>> trickles = new ArrayList<>();
    int withoutPlace = 0;
    try (var clock = Executors.newSingleThreadScheduledExecutor()) {
      try {
        for (int i = 0; i < PLACES; i++) {
          var socket = sent(POST + begin);
          sockets.add(socket);
          trickles.add(
              clock.scheduleAtFixedRate(
                  () -> {
                    try {
                      socket.getOutputStream().write('x');
                    } catch (IOException e) {
                      throw new IllegalStateException("the gateway ended it", e);
                    }
                  },
                  500,
                  500,
                  TimeUnit.MILLISECONDS));
        }
        assertAnswersSoon();
        for (var socket : sockets) {
          var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
          if (answer.startsWith("HTTP/1.1 503 ")) {
            withoutPlace++; // other requests had it
            continue;
          }
          assertThat(answer)
              .startsWith("HTTP/1.1 408 ")
              .contains("Connection: close")
              .contains("The request was not received in time.");
        }
        assertThat(withoutPlace).isLessThan(PLACES / 4);
        assertAnswers();
      } finally {
        trickles.forEach(t -> t.cancel(true));
        close(sockets);
      }
    }
  }

  @Test
  void tenThousandConnectionsThatSayNothing() throws Exception {
    int many = Integer.getInteger("idle.connections", 10_000);
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    assumeThat(system.getMaxFileDescriptorCount()).isGreaterThan(many + 1_000);
    List<SocketChannel> channels = new ArrayList<>();
    try {
      for (int i = 0; i < many; i++) {
        channels.add(
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port())));
        if (i % 2_500 == 0) {
          assertAnswers();
        }
      }
      assertAnswers();
      for (var channel : channels) {
        channel.configureBlocking(false);
      }
      await()
          .untilAsserted(() ->
              assertThat(channels.stream().filter(HostileClientsTest::open))
                  .hasSizeLessThanOrEqualTo(512)
                  .contains(channels.getLast()));
      assertAnswers();
    } finally {
      for (var channel : channels) {
        channel.close();
      }
    }
  }

  private static boolean open(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1)) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientsThatLeave(boolean stream) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sockets.add(sent(whole(body("leaver " + i, 300_000, stream))));
    }
    await().until(() -> worker.metric("vllm:num_requests_running") == 20);
    close(sockets);
    var begin = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(2))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> worker.metric("vllm:num_requests_running") == 0);
    assertThat(gateway.metric("deepseek_api_requests_in_flight")).isZero();
    System.out.println("noticed in ms: " + (System.nanoTime() - begin) / 1_000_000);
    assertThat(gateway.metric("deepseek_api_requests_total{outcome=\"cancelled\"}")).isEqualTo(20);
    assertThat(gateway.metric("deepseek_api_workers_ejected")).isZero();
  }

  @Test
  void aRequestThatComesWhileAnotherIsAnsweredIsAnsweredAfterIt() throws Exception {
    try (var socket = sent(whole(body("one", 500, true)))) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      var second = whole(body("two", 5, true)).replace("Host: a", "Host: a\r\nConnection: close");
      socket.getOutputStream().write(second.getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII).split("\\[DONE]", -1))
          .hasSize(3);
    }
  }

  @Test
  void aRequestThatNoWorkerTakesIsTheClientsOwn() throws Exception {
    for (int i = 0; i < 5; i++) {
      var answer =
          client.send(ask("x".repeat(40_000), 390_000), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body())
          .contains("This model's maximum context length is 400000 tokens.")
          .contains(
              "you requested 402000 tokens (12000 in the messages, 390000 in the completion)");
    }
    assertThat(gateway.metric("deepseek_api_workers_ejected")).isZero();
    assertAnswers();
  }

  @Test
  void whatIsSurelyTooLongIsRefusedBeforeItIsSent() throws Exception {
    try (var small =
            new GatewayProcess(
                "small",
                etcd.endpoint(),
                1,
                folder,
                Map.of("CONTEXT_TOKENS", "4096", "RECEIVE_TIMEOUT", "1s"));
        var socket = new Socket(InetAddress.getLoopbackAddress(), small.port())) {
      socket.getOutputStream().write((POST + "Content-Length: 200000\r\n\r\n{").getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 400 ")
          .contains(
              "maximum context length is 4096 tokens. However, your request has 200000 bytes");
    }
  }

  @Test
  void aBodyBeyondAllBoundsIsRefusedBeforeItIsSent() throws Exception {
    try (var socket = sent(POST + "Content-Length: 5000000\r\n\r\n{")) {
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 413 ")
          .contains("{\"error\":{\"message\":\"The request body is larger than 4194304 bytes.\"");
    }
    assertAnswers();
  }
}
