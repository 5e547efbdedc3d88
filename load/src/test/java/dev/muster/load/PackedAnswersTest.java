package dev.muster.load;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.LoadRequest;
import dev.muster.load.answer.Tokens;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that were asked for with {@code accept-encoding: gzip}. */
@Timeout(20)
class PackedAnswersTest {
  private static final Loop LOOP = new Loop("packed-answers");

  @Test
  void aPackedStreamIsReadAsItComes() throws IOException {
    var row =
        ask((head, body, socket) -> {
          assertThat(head).contains("accept-encoding: gzip\r\n").doesNotContain("identity");
          send(socket, STREAM_HEAD, gzip(Tokens.stream(prompt(body), 20)));
        });
    assertThat(row.outcome()).as(row.detail()).isEqualTo(Outcome.COMPLETE);
    assertThat(row.tokens()).isEqualTo(20);
  }

  @Test
  void aPackedStreamThatEndsInTheMiddleIsCut() throws IOException {
    var row =
        ask((head, body, socket) -> {
          var packed = gzip(Tokens.stream(prompt(body), 20));
          send(socket, STREAM_HEAD, Arrays.copyOf(packed, packed.length / 2));
        });
    assertThat(row.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(row.detail()).contains("content-encoding gzip: what was packed ends in the middle");
  }

  @Test
  void whatIsNotPackedAsItSaysIsMalformed() throws IOException {
    var row =
        ask((head, body, socket) ->
            send(
                socket,
                STREAM_HEAD,
                Tokens.stream(prompt(body), 20).getBytes(StandardCharsets.UTF_8)));
    assertThat(row.outcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(row.detail()).isEqualTo("content-encoding gzip: it does not begin as gzip does");
  }

  @Test
  void thePackedWordsOfAnErrorAreTold() throws IOException {
    var row =
        ask((head, body, socket) ->
            send(socket, "HTTP/1.1 500 X\r\nconnection: close\r\n\r\n", gzip("out of memory")));
    assertThat(row.outcome()).isEqualTo(Outcome.HTTP_ERROR);
    assertThat(row.detail()).isEqualTo("HTTP 500: out of memory");
  }

  private static void send(Socket socket, String head, byte[] body) throws IOException {
    var packed = head.replace("connection", "content-encoding: gzip\r\nconnection");
    HostileServer.send(socket, packed);
    socket.getOutputStream().write(body);
    socket.getOutputStream().flush();
  }

  private static byte[] gzip(String text) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed, true)) {
      for (int at = 0; at < text.length(); at += 50) {
        gzip.write(
            text.substring(at, Math.min(at + 50, text.length())).getBytes(StandardCharsets.UTF_8));
        gzip.flush();
      }
    }
    return packed.toByteArray();
  }

  private static Request ask(HostileServer.Behaviour behaviour) throws IOException {
    var timeout = Duration.ofSeconds(10);
    var request =
        new LoadRequest(
            LoadRequest.Preset.DEEPSEEK,
            "/c",
            Map.of("Accept-Encoding", "gzip"),
            Map.of(),
            List.of(),
            timeout,
            null);
    try (var server = new HostileServer(behaviour)) {
      var spec =
          new HttpChatClient.Spec(
              server.uri(), () -> null, true, 20, 20, timeout, "m", request, Map.of(), "k");
      var row = new CompletableFuture<Request>();
      var clock = Clock.systemUTC();
      new HttpChatClient(spec, LOOP, clock).send("r-1", clock.instant(), row::complete);
      return row.join();
    }
  }
}
