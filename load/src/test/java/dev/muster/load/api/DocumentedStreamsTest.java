package dev.muster.load.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.LoadRequest.Preset;
import dev.muster.load.answer.Answer;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation of each API shows is complete with its preset. */
class DocumentedStreamsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Answer read(String name, byte[] bytes, int piece) {
    var judge = Streams.judge(name);
    for (int from = 0; from < bytes.length; from += piece) {
      judge.feed(bytes, from, Math.min(piece, bytes.length - from), NOW);
    }
    return judge.end();
  }

  @ParameterizedTest
  @CsvSource({
    "openai.usage.sse, 2, false, stop",
    "openai.tools.sse, 14, false, tool_calls",
    "openai.refusal.sse, 5, false, stop",
    "openai.filter.sse, 1, false, content_filter",
    "openai.whole.json, 2, false, stop",
    "vllm.reasoning.sse, 5, true, stop",
    "vllm.reasoning-continuous.sse, 3, true, length",
    "deepseek.thinking.sse, 4, true, stop",
    "openai-responses.text.sse, 4, false, completed",
    "openai-responses.refusal.sse, 6, false, completed",
    "openai-responses.reasoning-incomplete.sse, 30, true, max_output_tokens",
    "openai-responses.tools.sse, 17, false, completed",
    "openai-responses.whole.json, 7, true, completed",
    "anthropic-messages.text.sse, 9, false, end_turn",
    "anthropic-messages.thinking.sse, 20, true, max_tokens",
    "anthropic-messages.tools.sse, 33, false, tool_use",
    "anthropic-messages.server-tools.sse, 51, false, pause_turn",
    "anthropic-messages.whole.json, 8, true, end_turn",
  })
  void isComplete(String name, int tokens, boolean reasoning, String reason) {
    for (int piece : new int[] {1 << 20, 1, 7}) {
      var answer = read(name, Streams.bytes(name), piece);
      assertThat(answer.outcome()).as(answer.detail()).isEqualTo(Outcome.COMPLETE);
      assertThat(answer.detail()).isNull();
      assertThat(answer.tokens()).isEqualTo(tokens);
      assertThat(answer.finishReason()).isEqualTo(reason);
      assertThat(answer.firstReasoningToken()).isEqualTo(reasoning ? NOW : null);
      assertThat(answer.firstAnswerToken()).isEqualTo(NOW);
      assertThat(answer.countedByChunk()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"embeddings.whole.json", "http.whole.json"})
  void withoutTokensToo(String name) {
    assertThat(read(name, Streams.bytes(name), 7).outcome()).isEqualTo(Outcome.COMPLETE);
  }

  /** Wherever a stream is cut off, it is not complete any more, and what came of it is told. */
  @Test
  void noBeginningOfAnyIsComplete() {
    for (var name : Streams.ALL) {
      if (name.endsWith(".sse")) {
        var bytes = Streams.bytes(name);
        for (int length = 0; length < bytes.length; length++) {
          var part = Arrays.copyOf(bytes, length);
          assertThat(read(name, part, 1 << 20).outcome())
              .as("%s, %d bytes", name, length)
              .isEqualTo(Outcome.TRUNCATED);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          openai-responses.text.sse | "status": "completed", "error": null, "incomplete | "status": "completed", "error": {"code":"server_error","message":"gone"}, "incomplete | COMPLETE |
          openai-responses.text.sse | response.completed | response.failed | IN_BAND_ERROR | response.failed
          openai-responses.text.sse | response.completed | response.other | TRUNCATED | the stream ended without response.completed
          openai-responses.text.sse | "output_tokens": 4 | "x": 4 | MALFORMED | completed, and no usage
          openai-responses.text.sse | output_text.delta | output_text.other | TRUNCATED | completed, and not one token
          openai-responses.reasoning-incomplete.sse | max_output_tokens" | worker_lost" | TRUNCATED | the answer ended with worker_lost
          anthropic-messages.text.sse | end_turn | tired | TRUNCATED | the answer ended with tired
          anthropic-messages.text.sse | "end_turn" | null | TRUNCATED | message_stop without a stop_reason
          anthropic-messages.text.sse | message_stop | message_over | TRUNCATED | the stream ended without message_stop
          anthropic-messages.text.sse | text_delta", "text" | text_delta", "x" | TRUNCATED | end_turn, and not one token
          anthropic-messages.text.sse | event: ping | event: error | IN_BAND_ERROR | {"type":"ping"}
          anthropic-messages.text.sse | {"type": "ping"} | 12:30 | COMPLETE |
          anthropic-messages.text.sse | event: message_stop | event: x | COMPLETE |
          anthropic-messages.whole.json | "end_turn" | null | MALFORMED | the answer has no stop_reason: …
          openai-responses.whole.json | "status": "completed", "error" | "status": "in_progress", "error" | TRUNCATED | the answer ended with status in_progress
          """)
  void aFlawIsTold(
      String name, String of, String instead, Outcome outcome, @Nullable String detail) {
    var text = new String(Streams.bytes(name), UTF_8);
    assertThat(text).contains(of);
    var answer = read(name, text.replace(of, instead).getBytes(UTF_8), 1 << 20);
    assertThat(answer.outcome()).as(answer.detail()).isEqualTo(outcome);
    if (detail == null) {
      assertThat(answer.detail()).isNull();
    } else {
      assertThat(answer.detail()).startsWith(detail.replace("…", "{\"id\""));
    }
  }

  @Test
  void whatComesAfterTheEndIsTold() {
    for (var name : new String[] {"openai-responses.text.sse", "anthropic-messages.text.sse"}) {
      var text = new String(Streams.bytes(name), UTF_8);
      var more = text + "event: ping\ndata: {}\n\ndata: [DONE]\n\n: bye\n\n";
      assertThat(read(name, more.getBytes(UTF_8), 1 << 20).outcome()).isEqualTo(Outcome.COMPLETE);
      var twice = read(name, (text + text).getBytes(UTF_8), 1 << 20);
      assertThat(twice.outcome()).isEqualTo(Outcome.MALFORMED);
      assertThat(twice.detail()).startsWith("an event after the last: ");
      var judge = Streams.judge(name);
      judge.feed(text.getBytes(UTF_8), 0, text.length(), NOW);
      assertThat(judge.cut(Outcome.TIMED_OUT, "late").outcome()).isEqualTo(Outcome.COMPLETE);
    }
  }

  @Test
  void eachIsAskedInItsWay() {
    var responses = String.valueOf(Streams.asked(Preset.OPENAI_RESPONSES, true).body().get());
    assertThat(responses)
        .isEqualTo(
            "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"Tell.\"}],\"stream\":true,\"max_output_tokens\":7}");
    var messages = String.valueOf(Streams.asked(Preset.ANTHROPIC_MESSAGES, false).body().get());
    assertThat(messages)
        .isEqualTo(
            "{\"model\":\"m\",\"max_tokens\":7,\"messages\":[{\"role\":\"user\",\"content\":\"Tell.\"}],\"stream\":false}");
    var preset = Preset.ANTHROPIC_MESSAGES;
    assertThat(Api.of(preset).headers(Streams.spec(preset, true, Map.of()).request(), "k"))
        .containsOnly(Map.entry("x-api-key", "k"), Map.entry("anthropic-version", "2023-06-01"));
    var other = Streams.spec(preset, true, Map.of("Authorization", "Bearer b")).request();
    assertThat(Api.of(preset).headers(other, "k")).doesNotContainKey("x-api-key");
  }
}
