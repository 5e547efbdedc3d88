package dev.muster.load.api;

import static dev.muster.load.HostileServer.STREAM_HEAD;
import static dev.muster.load.HostileServer.answer;
import static dev.muster.load.HostileServer.prompt;
import static dev.muster.load.HostileServer.send;
import static dev.muster.load.answer.Tokens.chunk;
import static dev.muster.load.api.Asking.CLOCK;
import static dev.muster.load.api.Asking.LOOP;
import static dev.muster.load.api.Asking.TIMEOUT;
import static dev.muster.load.api.Asking.ask;
import static dev.muster.load.api.Asking.client;
import static dev.muster.load.api.Asking.sendAndWait;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.LoadRequest;
import dev.muster.load.HostileServer;
import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.Tokens;
import dev.muster.timeline.Outcome;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client asks for, and what it makes of a good answer. */
@Timeout(20)
class HttpChatClientTest {
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
}
