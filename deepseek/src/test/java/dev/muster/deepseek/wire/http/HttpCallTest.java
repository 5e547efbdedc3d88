package dev.muster.deepseek.wire.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HttpCallTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n2\r\nbc\r\n0\r\n\r\n";

  /** Answers one request with these bytes, and closes if told so. */
  private static HttpCall ask(String answer, boolean close, int requestBytes) throws IOException {
    var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try {
            var socket = server.accept();
            socket.getInputStream().read();
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            if (close) {
              socket.getInputStream().readNBytes(requestBytes);
              socket.close();
            }
          } catch (IOException e) {
            // The client under test has what it needs
          }
        });
    var to = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    return HttpCall.post(
        to, "/p", Map.of(), new byte[requestBytes], SECOND, Duration.ofMillis(200));
  }

  private static String body(HttpCall call) throws IOException {
    return new String(call.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void readsChunksAndEndsWithTheLast() throws IOException {
    try (var call =
        ask(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
            false,
            0)) {
      assertThat(call.status()).isEqualTo(200);
      assertThat(body(call)).isEqualTo("abc0123456789");
    }
  }

  @Test
  void aBodyCutShortIsAnError() throws IOException {
    try (var call =
        ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123", true, 0)) {
      assertThatThrownBy(() -> body(call)).isInstanceOf(EOFException.class);
    }
    try (var call = ask("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123", true, 0)) {
      assertThatThrownBy(() -> body(call)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void silenceInsideTheBodyIsAnError() throws IOException {
    try (var call =
        ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", false, 0)) {
      assertThatThrownBy(() -> body(call)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aDeadlineIsAskedAnewOnceItHasPassed() throws IOException {
    var asked = new AtomicInteger();
    try (var call =
        ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", false, 0)) {
      call.until(
          () -> System.nanoTime() + (asked.incrementAndGet() < 4 ? 20_000_000 : -1_000_000_000));
      assertThatThrownBy(() -> body(call)).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(asked).hasValueGreaterThanOrEqualTo(4);
  }

  @Test
  void theHeadIsWaitedForAsLongAsItsDeadlineMoves() throws IOException {
    var asked = new AtomicInteger();
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var to = new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort());
      assertThatThrownBy(() ->
              HttpCall.post(
                  to,
                  "/p",
                  Map.of(),
                  new byte[0],
                  SECOND,
                  () ->
                      System.nanoTime()
                          + (asked.incrementAndGet() < 4 ? 20_000_000 : -1_000_000_000)))
          .isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(asked).hasValueGreaterThanOrEqualTo(4);
  }

  /** As after a pause of this process, which is not the server's silence. */
  @Test
  void whatIsThereAlreadyIsReadAfterTheDeadlineToo() throws IOException {
    var long_ = "x".repeat(20_000);
    try (var call = ask("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + long_, false, 0)) {
      call.until(() -> System.nanoTime() - 1);
      assertThat(body(call)).isEqualTo(long_);
    }
  }

  @Test
  void silenceBeforeTheHeadIsAnError() {
    assertThatThrownBy(() -> ask("", false, 0)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aReadGetsAllChunksThatAreHere() throws IOException {
    try (var call =
        ask(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n",
            false,
            0)) {
      assertThat(new String(call.body().readNBytes(1), StandardCharsets.UTF_8)).isEqualTo("a");
      var rest = new byte[100];
      int n = call.body().read(rest, 0, rest.length);
      assertThat(new String(rest, 0, n, StandardCharsets.UTF_8)).isEqualTo("bcdef");
    }
  }

  @Test
  void whatIsToBeDoneBeforeWaitingIsDoneOnlyThen() throws IOException {
    try (var call =
        ask(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n",
            false,
            0)) {
      var done = new AtomicInteger();
      call.body().readNBytes(3);
      call.beforeWaiting(done::incrementAndGet);
      call.body().readNBytes(3);
      assertThat(done).hasValue(0);
      assertThatThrownBy(() -> call.body().read()).isInstanceOf(SocketTimeoutException.class);
      assertThat(done).hasValue(1);
    }
  }

  @Test
  void aKeptConnectionIsAskedAgainOnceItsAnswerIsRead() throws IOException {
    var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try (var socket = server.accept()) {
            for (var body :
                List.of(
                    "Content-Length: 1\r\n\r\na",
                    CHUNKED,
                    "Connection: close\r\nContent-Length: 0\r\n\r\n")) {
              var request =
                  new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
              while (!request.readLine().isEmpty()) {
                // the head of a request without a body
              }
              socket.getOutputStream().write(("HTTP/1.1 200 OK\r\n" + body).getBytes(UTF_8));
            }
          } catch (IOException e) {
            // told by the assertions
          }
        });
    var to = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    try (var call = HttpCall.connect(to, SECOND)) {
      call.ask("/1", Map.of(), new byte[0], SECOND);
      assertThat(call.reusable()).as("before its body is read").isFalse();
      assertThat(body(call)).isEqualTo("a");
      assertThat(call.reusable()).isTrue();
      call.ask("/2", Map.of(), new byte[0], SECOND);
      assertThat(body(call)).isEqualTo("bc");
      assertThat(call.reusable()).isTrue();
      call.ask("/3", Map.of(), new byte[0], SECOND);
      assertThat(body(call)).isEmpty();
      assertThat(call.reusable()).as("the server closes it").isFalse();
    }
  }

  /** As towards a host without power: it takes nothing, so that the write itself hangs. */
  @Test
  void aWriteThatHangsEnds() {
    assertThatThrownBy(() -> ask("", false, 64 << 20)).isInstanceOf(IOException.class);
  }

  private static void relay(HttpCall call, StringBuilder all, Runnable each) throws IOException {
    var part = new byte[2];
    call.relay(
        () -> {
          int n;
          while ((n = call.body().read(part, 0, part.length)) > 0) {
            all.append(new String(part, 0, n, UTF_8));
            each.run();
          }
          return n < 0;
        },
        () -> {});
  }

  @Test
  void aBodyIsRelayedByTheEventLoop() throws IOException {
    try (var call =
        ask(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
            false,
            0)) {
      var all = new StringBuilder();
      var threads = new java.util.TreeSet<String>();
      relay(call, all, () -> threads.add(Thread.currentThread().getName()));
      assertThat(all).hasToString("abcde");
      assertThat(threads).containsExactly("event-loop");
    }
  }

  @Test
  void aRelayedBodyEndsByItsDeadlineToo() throws IOException {
    try (var call =
        ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", false, 0)) {
      var all = new StringBuilder();
      assertThatThrownBy(() -> relay(call, all, () -> {}))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(all).hasToString("abc");
    }
  }

  @Test
  void whatARelayThrowsIsThrownToWhoWaits() throws IOException {
    try (var call =
        ask("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", true, 0)) {
      assertThatThrownBy(() -> relay(call, new StringBuilder(), () -> {}))
          .isInstanceOf(EOFException.class);
    }
    try (var call = ask("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false, 0)) {
      assertThatThrownBy(() ->
              relay(
                  call,
                  new StringBuilder(),
                  () -> {
                    throw new IllegalStateException("no");
                  }))
          .hasMessage("no");
    }
  }

  @Test
  void anInterruptEndsARelay() throws IOException {
    try (var call = ask("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", false, 0)) {
      call.silence(Duration.ofMinutes(1));
      var thread = Thread.currentThread();
      assertThatThrownBy(() -> relay(call, new StringBuilder(), thread::interrupt))
          .isInstanceOf(java.nio.channels.ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
