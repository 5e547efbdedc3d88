package dev.muster.load.api;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.answer;
import static dev.muster.load.HostileServer.prompt;
import static dev.muster.load.HostileServer.send;
import static dev.muster.load.answer.Tokens.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Arrivals;
import dev.muster.drill.Drill.Load;
import dev.muster.drill.LoadRequest;
import dev.muster.load.ChatClient;
import dev.muster.load.HostileServer;
import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.Tokens;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HttpChatClientTest {
  private static final Loop LOOP = new Loop("test-sockets");
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(400);

  private static HttpChatClient client(
      URI uri, @Nullable String host, boolean stream, Duration timeout) {
    var load =
        new Load(
            Arrivals.constant(100),
            stream,
            50,
            20,
            Duration.ZERO,
            timeout,
            1,
            null,
            LoadRequest.USUAL);
    return new HttpChatClient(
        HttpChatClient.Spec.of(load, uri, () -> host, Map.of(), "k"), LOOP, CLOCK);
  }

  @Test
  void aGoodStreamIsReadWithItsTimesAndPods() throws IOException {
    var row =
        ask(
            true,
            TIMEOUT,
            (head, body, socket) -> send(socket, STREAM_HEAD + Tokens.stream(prompt(body), 20)));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.tokens()).isEqualTo(20);
    assertThat(row.countedByChunk()).isFalse();
    assertThat(row.finishReason()).isEqualTo("length");
    assertThat(row.pods()).containsExactly("api-1", "worker-1");
    assertThat(row.attempts()).isEqualTo(2);
    assertThat(row.httpStatus()).isEqualTo(200);
    assertThat(
            List.of(
                row.sent(), row.firstByte(), row.firstAnswerToken(), row.lastToken(), row.ended()))
        .isSorted();
  }

  @Test
  void aQueryOfTheEndpointStaysBehindThePath() throws IOException {
    var seen = new String[1];
    try (var server =
        new HostileServer((head, body, socket) -> {
          seen[0] = head;
          answer(socket, 500, "{}");
        })) {
      var client = client(URI.create(server.uri() + "/m/?api-version=1&a=b"), null, true, TIMEOUT);
      sendAndWait(client, "run-7", Instant.now());
    }
    assertThat(seen[0]).startsWith("POST /m/chat/completions?api-version=1&a=b HTTP/1.1\r\n");
  }

  @Test
  void theRequestSaysWhatTheDrillAsksFor() throws IOException {
    var seen = new String[2];
    try (var server =
        new HostileServer((head, body, socket) -> {
          seen[0] = head;
          seen[1] = body;
          answer(socket, 500, "{}");
        })) {
      var client = client(server.uri(), "chat.example", true, TIMEOUT);
      sendAndWait(client, "run-7", Instant.now());
    }
    assertThat(seen[0]).startsWith("POST /chat/completions HTTP/1.1\r\n");
    assertThat(seen[0].lines().map(line -> line.toLowerCase(java.util.Locale.ROOT)))
        .contains("host: chat.example", "x-request-id: run-7", "authorization: bearer k");
    var json = new tools.jackson.databind.json.JsonMapper().readTree(seen[1]);
    assertThat(json.path("model").asString()).isEqualTo("deepseek-v4-pro");
    assertThat(json.at("/thinking/type").asString()).isEqualTo("disabled");
    assertThat(json.path("stream").asBoolean()).isTrue();
    assertThat(json.path("max_tokens").asInt()).isEqualTo(20);
    assertThat(prompt(seen[1])).contains("run-7").hasSize(167);
  }

  @Test
  void pathAndHeadersAreThoseOfTheDrillAndItsSecretsAreToldToNobody() throws IOException {
    var seen = new String[1];
    try (var server =
        new HostileServer((head, body, socket) -> {
          seen[0] = head;
          send(
              socket,
              "HTTP/1.1 403 X\r\nX-Pod: api-7, worker-3\r\nx-served-by: other\r\n\r\n"
                  + "{\"error\":{\"message\":\"no such key: s3cr3t-token\"}}");
        })) {
      var request =
          new LoadRequest(
              LoadRequest.Preset.VLLM,
              "/v2/chat",
              Map.of("Authorization", "Token ${T}", "x-tenant", "a$b"),
              Map.of(),
              List.of("x-pod"),
              TIMEOUT,
              null);
      var spec =
          new HttpChatClient.Spec(
              URI.create(server.uri() + "/base/?q=1"),
              () -> null,
              true,
              5,
              5,
              TIMEOUT,
              "m",
              request,
              Map.of("T", "s3cr3t-token"),
              "usual-key");
      var row = sendAndWait(new HttpChatClient(spec, LOOP, CLOCK), "a", Instant.now());
      assertThat(row.detail()).contains("no such key: ***");
      assertThat(row.pods()).containsExactly("api-7", "worker-3");
    }
    assertThat(seen[0]).startsWith("POST /base/v2/chat?q=1 HTTP/1.1\r\n");
    assertThat(seen[0].lines())
        .contains("authorization: Token s3cr3t-token", "x-tenant: a$b")
        .doesNotContain("authorization: Bearer usual-key");
  }

  /** A service that counts no tokens owes none where its preset says so. */
  @Test
  void anAnswerWithoutUsageIsCompleteWhereThePresetSaysSo() throws IOException {
    for (var preset : LoadRequest.Preset.values()) {
      if (!(Api.of(preset) instanceof ChatApi(Dialect dialect))) {
        continue;
      }
      try (var server =
          new HostileServer((head, body, socket) ->
              send(
                  socket,
                  STREAM_HEAD
                      + chunk("a")
                      + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                      + "data: [DONE]\n\n"))) {
        var request = new LoadRequest(preset, "/c", Map.of(), Map.of(), List.of(), TIMEOUT, null);
        var spec =
            new HttpChatClient.Spec(
                server.uri(), () -> null, true, 5, 5, TIMEOUT, "m", request, Map.of(), "k");
        var row = sendAndWait(new HttpChatClient(spec, LOOP, CLOCK), "a", Instant.now());
        boolean owes = dialect.usage() == AnswerRules.Usage.REQUIRED;
        assertThat(row.outcome())
            .as(preset + ": " + row.detail())
            .isEqualTo(owes ? Outcome.MALFORMED : Outcome.COMPLETE);
        assertThat(row.tokens()).isEqualTo(1);
      }
    }
  }

  @Test
  void aPlainAnswerHasItsTokenTimeAtItsEnd() throws IOException {
    var row =
        ask(
            false,
            TIMEOUT,
            (head, body, socket) ->
                answer(
                    socket,
                    200,
                    "\n\n{\"choices\":[{\"message\":{\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":4}}"
                        .formatted(String.join("", Tokens.of(prompt(body), 4)))));
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.tokens()).isEqualTo(4);
    assertThat(row.firstAnswerToken()).isNotNull();
  }

  @Test
  void aKeyThatTheServerQuotesIsToldToNobody() throws IOException {
    try (var server =
        new HostileServer((head, body, socket) ->
            answer(socket, 401, "{\"error\":{\"message\":\"Incorrect API key: sk-12345678\"}}"))) {
      var spec =
          new HttpChatClient.Spec(
              server.uri(),
              () -> null,
              true,
              5,
              5,
              TIMEOUT,
              "m",
              LoadRequest.USUAL,
              Map.of(),
              "sk-12345678");
      var row = sendAndWait(new HttpChatClient(spec, LOOP, CLOCK), "a", Instant.now());
      assertThat(row.detail()).contains("Incorrect API key: ***").doesNotContain("12345678");
    }
  }

  @Test
  void refusalsAndErrorsAreKeptApart() throws IOException {
    var error = "{\"error\":{\"message\":\"busy\",\"type\":\"x\"}}";
    assertThat(status(429, error)).isEqualTo(Outcome.REJECTED);
    assertThat(status(503, error)).isEqualTo(Outcome.REJECTED);
    assertThat(status(503, "<html>503</html>")).isEqualTo(Outcome.HTTP_ERROR);
    assertThat(status(429, "{}")).isEqualTo(Outcome.HTTP_ERROR);
    assertThat(status(500, error)).isEqualTo(Outcome.HTTP_ERROR);
    assertThat(status(401, "Authentication Fails (governor)")).isEqualTo(Outcome.HTTP_ERROR);
    assertThat(status(302, "")).isEqualTo(Outcome.MALFORMED);
    assertThat(status(200, "{}")).isEqualTo(Outcome.MALFORMED);
  }

  @Test
  void aStreamThatIsCutIsTruncatedHoweverItWasCut() throws IOException {
    var closed = ask(true, TIMEOUT, (head, body, socket) -> send(socket, STREAM_HEAD + chunk("a")));
    assertThat(closed.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(closed.tokens()).isEqualTo(1);
    var reset =
        ask(
            true,
            TIMEOUT,
            (head, body, socket) -> {
              send(socket, STREAM_HEAD + chunk("a"));
              HostileServer.reset(socket);
            });
    // the reset may overtake the head
    assertThat(reset.outcome()).isIn(Outcome.TRUNCATED, Outcome.CONNECTION_FAILED);
    var chunked =
        ask(
            true,
            TIMEOUT,
            (head, body, socket) ->
                send(
                    socket,
                    STREAM_HEAD.replace("connection: close", "transfer-encoding: chunked")
                        + Integer.toHexString(chunk("a").length())
                        + "\r\n"
                        + chunk("a")
                        + "\r\n"));
    assertThat(chunked.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(chunked.detail()).contains("closed the connection inside its answer");
    var plain =
        ask(
            false,
            TIMEOUT,
            (head, body, socket) -> send(socket, "HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{"));
    assertThat(plain.outcome()).isEqualTo(Outcome.TRUNCATED);
  }

  @Test
  void doneWithoutItsBlankLineIsTruncated() throws IOException {
    var row =
        ask(
            true,
            TIMEOUT,
            (head, body, socket) -> {
              var stream = Tokens.stream(prompt(body), 5);
              send(socket, STREAM_HEAD + stream.substring(0, stream.length() - 1));
            });
    assertThat(row.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(row.detail()).contains("inside an event");
  }

  @Test
  void silenceAnywhereEndsAtTheDeadline() throws IOException {
    for (var said : List.of("", "HTTP/1.1 200", STREAM_HEAD, STREAM_HEAD + chunk("a"))) {
      var server = new HostileServer[1];
      var began = System.nanoTime();
      var row =
          ask(
              server,
              true,
              SHORT,
              (head, body, socket) -> {
                send(socket, said);
                server[0].stall();
              });
      assertThat(row.outcome()).as(said).isEqualTo(Outcome.TIMED_OUT);
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .isBetween(SHORT, SHORT.plusSeconds(5));
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void keepAlivesAreNoProgress() throws IOException {
    var row =
        ask(
            true,
            SHORT,
            (head, body, socket) -> {
              send(socket, STREAM_HEAD);
              while (true) {
                send(socket, ": keep-alive\n\n");
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
              }
            });
    assertThat(row.outcome()).isEqualTo(Outcome.TIMED_OUT);
  }

  @Test
  void garbageIsMalformed() throws IOException {
    assertThat(ask(true, TIMEOUT, (h, b, s) -> send(s, "SSH-2.0-x\r\n\r\n")).outcome())
        .isEqualTo(Outcome.MALFORMED);
    assertThat(ask(true, TIMEOUT, (h, b, s) -> send(s, STREAM_HEAD + "<html>\n\n")).outcome())
        .isEqualTo(Outcome.MALFORMED);
    assertThat(ask(true, TIMEOUT, (h, b, s) -> send(s, STREAM_HEAD + "data: x\n\n")).outcome())
        .isEqualTo(Outcome.MALFORMED);
    assertThat(ask(true, TIMEOUT, (h, b, s) -> answer(s, 200, "{}")).outcome())
        .isEqualTo(Outcome.MALFORMED);
  }

  @Test
  void whatIsNoStreamIsToldInOneLineAndNeverAsBytes() throws IOException {
    var packed =
        ask(
            true,
            TIMEOUT,
            (h, b, s) ->
                send(
                    s,
                    STREAM_HEAD.replace("connection", "content-encoding: gzip\r\nconnection")
                        + "\u001f\u008b\u0008"));
    assertThat(packed.detail()).isEqualTo("content-encoding gzip, which was not asked for");
    var page = ask(true, TIMEOUT, (h, b, s) -> answer(s, 502, "<html>\n\n<p>Bad\u0001 Gateway"));
    assertThat(page.detail()).isEqualTo("HTTP 502: <html> <p>Bad Gateway");
  }

  @Test
  void aFailedConnectionIsTriedOnceAndNotHidden() throws IOException {
    var server = new HostileServer[1];
    var closed = ask(server, true, TIMEOUT, (head, body, socket) -> {});
    assertThat(closed.outcome()).isEqualTo(Outcome.CONNECTION_FAILED);
    assertThat(server[0].connections).hasValue(1);
    var reset = ask(server, true, TIMEOUT, (head, body, socket) -> HostileServer.reset(socket));
    assertThat(reset.outcome()).isEqualTo(Outcome.CONNECTION_FAILED);
    assertThat(server[0].connections).hasValue(1);
    assertThat(refused().outcome()).isEqualTo(Outcome.CONNECTION_FAILED);
  }

  /** A kept connection that the server closes under the next request: a POST is not repeated. */
  @Test
  void aStaleConnectionIsNotRepeatedSilently() throws IOException {
    try (var server =
        new HostileServer((head, body, socket) -> {
          send(socket, "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n");
          // reads the next request on this connection, and goes away without a word
          while (socket.getInputStream().read() != '}') {}
        })) {
      var client = client(server.uri(), null, true, TIMEOUT);
      assertThat(sendAndWait(client, "a", Instant.now()).outcome()).isEqualTo(Outcome.HTTP_ERROR);
      assertThat(sendAndWait(client, "b", Instant.now()).outcome())
          .isEqualTo(Outcome.CONNECTION_FAILED);
      assertThat(server.connections).hasValue(1);
    }
  }

  private static Request sendAndWait(ChatClient client, String id, Instant intended) {
    var row = new CompletableFuture<Request>();
    client.send(id, intended, row::complete);
    return row.join();
  }

  private static Request refused() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var client = client(URI.create("http://127.0.0.1:" + port), null, true, TIMEOUT);
    return sendAndWait(client, "refused", Instant.now());
  }

  private static Outcome status(int status, String body) throws IOException {
    var row = ask(true, TIMEOUT, (head, sent, socket) -> answer(socket, status, body));
    assertThat(row.httpStatus()).isEqualTo(status);
    assertThat(row.detail()).isNotNull();
    return row.outcome();
  }

  private static Request ask(boolean stream, Duration timeout, HostileServer.Behaviour behaviour)
      throws IOException {
    return ask(new HostileServer[1], stream, timeout, behaviour);
  }

  private static Request ask(
      @Nullable HostileServer[] slot,
      boolean stream,
      Duration timeout,
      HostileServer.Behaviour behaviour)
      throws IOException {
    try (var server = new HostileServer(behaviour)) {
      var client = client(server.uri(), null, stream, timeout);
      slot[0] = server;
      return sendAndWait(client, "r-1", CLOCK.instant());
    }
  }
}
