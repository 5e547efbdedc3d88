package dev.muster.deepseek.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpCallTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

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
  void silenceBeforeTheHeadIsAnError() {
    assertThatThrownBy(() -> ask("", false, 0)).isInstanceOf(SocketTimeoutException.class);
  }

  /** As towards a host without power: it takes nothing, so that the write itself hangs. */
  @Test
  void aWriteThatHangsEnds() {
    assertThatThrownBy(() -> ask("", false, 64 << 20)).isInstanceOf(IOException.class);
  }
}
