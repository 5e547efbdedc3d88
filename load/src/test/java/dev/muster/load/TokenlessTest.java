package dev.muster.load;

import static dev.muster.load.HostileServer.answer;
import static dev.muster.load.HostileServer.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.file.DrillFile;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The presets whose answers have no tokens, over real connections. */
@Timeout(20)
class TokenlessTest {
  private static final Loop LOOP = new Loop("test-sockets");

  /** What arrived at the server. */
  private final String[] seen = new String[2];

  private Request ask(String load, String behind, HostileServer.Behaviour behaviour)
      throws IOException {
    try (var server =
        new HostileServer((head, body, socket) -> {
          seen[0] = head;
          seen[1] = body;
          behaviour.answer(head, body, socket);
        })) {
      var drill =
          DrillFile.parse(
              """
              apiVersion: muster.dev/v1
              kind: Drill
              metadata: {name: d}
              target: {namespace: n, endpoint: "%s"}
              load: {arrivals: {constant: 1/s}, %s}
              faults: [{kind: PodKill}]
              expect: {residue: none}
              """
                  .formatted(server.uri() + behind, load),
              "d");
      var spec =
          HttpChatClient.Spec.of(
              Objects.requireNonNull(drill.load()),
              URI.create(drill.target().endpoint()),
              () -> null,
              Map.of(),
              "the-api-key");
      var row = new CompletableFuture<Request>();
      new HttpChatClient(spec, LOOP, Clock.systemUTC())
          .send("run-7", Clock.systemUTC().instant(), row::complete);
      return row.join();
    }
  }

  @Test
  void embeddingsAreAskedForAndTheirAnswerCounts() throws IOException {
    var row =
        ask(
            "model: m, prompt: {tokens: 50}, request: {preset: embeddings, body: {dimensions: 2}}",
            "/v1",
            (head, body, socket) -> answer(socket, 200, "{\"data\":[{\"embedding\":[1,2]}]}"));
    assertThat(row.answered()).as(row.detail()).isTrue();
    assertThat(row.hasNoTokens()).isTrue();
    assertThat(row.stream()).isFalse();
    assertThat(row.tokens()).isZero();
    assertThat(row.firstToken()).isNull();
    assertThat(row.firstSign()).isNotNull().isEqualTo(row.firstByte());
    assertThat(row.checked()).isNull();
    assertThat(seen[0]).startsWith("POST /v1/embeddings HTTP/1.1\r\n");
    assertThat(seen[0]).contains("authorization: Bearer the-api-key\r\n");
    assertThat(seen[1])
        .startsWith("{\"model\":\"m\",\"input\":\"Request run-7. Tell what")
        .endsWith("\",\"dimensions\":2}");
  }

  @Test
  void anEmbeddingThatLacksIsTold() throws IOException {
    var row =
        ask(
            "request: {preset: embeddings}",
            "",
            (head, body, socket) -> answer(socket, 200, "{\"data\":[]}"));
    assertThat(row.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(row.detail()).isEqualTo("0 embeddings to 1 inputs");
    assertThat(row.lost()).isTrue();
  }

  @Test
  void aPlainGetHasNoBodyAndShowsNoKey() throws IOException {
    var row =
        ask(
            "request: {preset: http, headers: {x-a: b}}",
            "/health/?deep=1",
            (head, body, socket) -> send(socket, "HTTP/1.1 204 X\r\n\r\n"));
    assertThat(row.answered()).as(row.detail()).isTrue();
    assertThat(row.httpStatus()).isEqualTo(204);
    assertThat(seen[0]).startsWith("GET /health/?deep=1 HTTP/1.1\r\n").contains("x-a: b\r\n");
    assertThat(seen[0]).doesNotContain("the-api-key", "content-", "authorization");
    ask(
        "request: {preset: http}",
        "",
        (head, body, socket) -> send(socket, "HTTP/1.1 204 X\r\n\r\n"));
    assertThat(seen[0]).startsWith("GET / HTTP/1.1\r\n");
  }

  @Test
  void aBodyIsSentAsItIs() throws IOException {
    HostileServer.Behaviour good = (head, body, socket) -> answer(socket, 200, "{}");
    ask("request: {preset: http, method: POST, body: 'a=1 ё'}", "/q", good);
    assertThat(seen[0]).startsWith("POST /q HTTP/1.1\r\n").contains("content-type: text/plain;");
    assertThat(seen[1]).isEqualTo("a=1 ё");
    ask("request: {preset: http, method: PUT, path: /r, body: {a: [1, null], b: null}}", "", good);
    assertThat(seen[0]).startsWith("PUT /r HTTP/1.1\r\n").contains("type: application/json\r\n");
    assertThat(seen[1]).isEqualTo("{\"a\":[1,null],\"b\":null}");
  }

  @Test
  void whatTheDrillCallsSuccessIsOne() throws IOException {
    assertThat(status(404, "{status: [404, 2xx]}").answered()).isTrue();
    assertThat(status(200, "{status: [404, 2xx]}").answered()).isTrue();
    assertThat(status(500, "{status: [404, 2xx]}").outcome()).isEqualTo(Outcome.HTTP_ERROR);
    assertThat(status(200, "{status: 201}").outcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(status(200, "{status: 201}").detail()).startsWith("HTTP 200: {\"error\"");
    assertThat(status(503, "{json: {/error/message: busy}}").outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(status(200, "{json: {/error/message: busy}}").answered()).isTrue();
    assertThat(status(200, "{json: {/error/message: idle}}").detail())
        .isEqualTo("/error/message is \"busy\", not \"idle\"");
    assertThat(status(200, "{contains: busy}").answered()).isTrue();
  }

  private Request status(int status, String success) throws IOException {
    return ask(
        "request: {preset: http, success: %s}".formatted(success),
        "",
        (head, body, socket) -> answer(socket, status, "{\"error\":{\"message\":\"busy\"}}"));
  }

  @Test
  void anAnswerThatComesTooLateIsNone() throws IOException {
    HostileServer.Behaviour slow =
        (head, body, socket) -> {
          LockSupport.parkNanos(Duration.ofMillis(60).toNanos());
          answer(socket, 200, "{}");
        };
    var row = ask("request: {preset: http, success: {within: 50ms}}", "", slow);
    assertThat(row.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(row.detail()).matches("complete 0\\.\\d{3} s after .* within 0\\.050 s");
    assertThat(ask("request: {preset: http, success: {within: 9s}}", "", slow).answered()).isTrue();
  }

  @Test
  void anAnswerThatIsCutIsLost() throws IOException {
    var row =
        ask(
            "request: {preset: http}",
            "",
            (head, body, socket) -> send(socket, "HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{"));
    assertThat(row.outcome()).isEqualTo(Outcome.TRUNCATED);
    assertThat(row.answered()).isFalse();
  }
}
