package dev.muster.load.api;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.answer;
import static dev.muster.load.HostileServer.prompt;
import static dev.muster.load.HostileServer.send;
import static dev.muster.load.answer.Tokens.chunk;
import static dev.muster.load.api.Asking.SHORT;
import static dev.muster.load.api.Asking.TIMEOUT;
import static dev.muster.load.api.Asking.ask;
import static dev.muster.load.api.Asking.client;
import static dev.muster.load.api.Asking.sendAndWait;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.HostileServer;
import dev.muster.load.answer.Tokens;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer that is refused, cut, late or garbage has the outcome of its own kind. */
@Timeout(20)
class FailedAnswersTest {
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
}
