package dev.muster.load.api;

import dev.muster.drill.LoadRequest;
import dev.muster.drill.LoadRequest.Preset;
import dev.muster.load.answer.AnswerJudge;
import dev.muster.load.http.ResponseHead;
import dev.muster.load.prompt.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Answers as the documentation of each API shows them, in {@code streams/PRESET.NAME.sse}. */
final class Streams {
  static final List<String> ALL =
      List.of(
          "openai.usage.sse",
          "openai.tools.sse",
          "openai.refusal.sse",
          "openai.filter.sse",
          "openai.whole.json",
          "vllm.reasoning.sse",
          "vllm.reasoning-continuous.sse",
          "deepseek.thinking.sse",
          "openai-responses.text.sse",
          "openai-responses.refusal.sse",
          "openai-responses.reasoning-incomplete.sse",
          "openai-responses.tools.sse",
          "openai-responses.whole.json",
          "anthropic-messages.text.sse",
          "anthropic-messages.thinking.sse",
          "anthropic-messages.tools.sse",
          "anthropic-messages.server-tools.sse",
          "anthropic-messages.whole.json",
          "embeddings.whole.json",
          "http.whole.json");

  private Streams() {}

  static Preset preset(String name) {
    return Preset.of(name.substring(0, name.indexOf('.')));
  }

  static byte[] bytes(String name) {
    try (var in = Streams.class.getResourceAsStream("streams/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who judges an answer of this kind. */
  static AnswerJudge judge(String name) {
    return asked(preset(name), name.endsWith(".sse"))
        .judge()
        .apply(new ResponseHead(1, 200, Map.of()));
  }

  static ApiRequest asked(Preset preset, boolean stream) {
    return Api.of(preset).ask(Question.of(() -> "Tell.", 7, false), spec(preset, stream, Map.of()));
  }

  static HttpChatClient.Spec spec(Preset preset, boolean stream, Map<String, String> headers) {
    var second = Duration.ofSeconds(1);
    var request =
        new LoadRequest(preset, preset.path(), headers, Map.of(), List.of(), second, null);
    return new HttpChatClient.Spec(
        URI.create("http://a"), () -> null, stream, 5, 7, second, "m", request, Map.of(), "k");
  }
}
