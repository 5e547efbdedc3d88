package dev.muster.deepseek.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events as llama.cpp's server sends them, one a line. */
class OpenAiAnswerTest {
  private static final String CHUNK =
      "{\"choices\":[%s],\"created\":5,\"id\":\"c\",\"model\":\"/m.gguf\",\"object\":\"chat.completion.chunk\"%s}";
  private static final String CHOICE = "{\"finish_reason\":%s,\"index\":0,\"delta\":%s}";
  private static final String USAGE =
      CHUNK.formatted(
          "",
          ",\"usage\":{\"completion_tokens\":5,\"prompt_tokens\":7,\"total_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":4}}");

  private static String delta(String delta, int predicted) {
    var timings =
        ",\"timings\":{\"cache_n\":4,\"prompt_n\":3,\"prompt_ms\":0.3,\"predicted_n\":%d}"
            .formatted(predicted);
    return CHUNK.formatted(CHOICE.formatted("null", delta), predicted == 0 ? "" : timings);
  }

  private static String finish(String reason, String more) {
    return CHUNK.formatted(CHOICE.formatted("\"" + reason + "\"", "{}"), more);
  }

  private static List<Chunk> chunks(String... events) throws IOException {
    var answer = new OpenAiAnswer("deepseek-v4-pro");
    var chunks = new ArrayList<Chunk>();
    for (var event : events) {
      var chunk = answer.chunk(event.getBytes(UTF_8));
      if (chunk != null) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }

  private static Usage usage(Chunk last) {
    return Usage.of(last.parse().path("usage"));
  }

  @Test
  void usageComesWithTheEnd() throws IOException {
    var chunks =
        chunks(
            delta("{\"role\":\"assistant\",\"content\":null}", 0),
            delta("{\"content\":\"a\"}", 1),
            delta("{\"content\":\"b\"}", 5),
            finish("length", ""),
            USAGE);
    assertThat(chunks).hasSize(4);
    assertThat(chunks.stream().map(Chunk::last)).containsExactly(false, false, false, true);
    assertThat(chunks.stream().map(Chunk::tokens)).startsWith(0, 1, 4);
    assertThat(chunks.get(1).prompt()).isEqualTo(7);
    assertThat(usage(chunks.getLast())).isEqualTo(new Usage(7, 4, 5, 0, false));
    assertThat(chunks)
        .allSatisfy(c -> {
          assertThat(c.parse().path("model").asString("")).isEqualTo("deepseek-v4-pro");
          assertThat(c.parse().has("timings")).isFalse();
        });
  }

  @Test
  void thoughtsAreCounted() throws IOException {
    var chunks =
        chunks(
            delta("{\"reasoning_content\":\"a\"}", 1),
            delta("{\"reasoning_content\":\"b\"}", 3),
            delta("{\"content\":\"c\"}", 5),
            finish("stop", ""),
            USAGE);
    assertThat(usage(chunks.getLast())).isEqualTo(new Usage(7, 4, 5, 3, true));
  }

  /** The text before a stop sequence is held back, and so is its count. */
  @Test
  void aCountWithoutTextGoesToTheNextText() throws IOException {
    var chunks =
        chunks(
            delta("{\"role\":\"assistant\",\"content\":null}", 1),
            delta("{\"content\":\"abc\"}", 3));
    assertThat(chunks.stream().map(Chunk::tokens)).containsExactly(0, 3);
  }

  @Test
  void withoutUsageTheChunksAreCounted() throws IOException {
    var chunks =
        chunks(
            delta("{\"content\":\"a\"}", 0),
            delta("{\"content\":\"b\"}", 0),
            finish("stop", ""),
            "[DONE]");
    assertThat(chunks.getLast().last()).isTrue();
    assertThat(usage(chunks.getLast())).isEqualTo(new Usage(0, 0, 2, 0, false));
  }

  @Test
  void usageInTheEndItselfIsTaken() throws IOException {
    var chunks = chunks(finish("stop", ",\"usage\":{\"completion_tokens\":1,\"prompt_tokens\":2}"));
    assertThat(usage(chunks.getLast())).isEqualTo(new Usage(2, 0, 1, 0, false));
  }

  @Test
  void anErrorIsToldAsOne() throws IOException {
    var error = chunks("{\"code\":1,\"error\":{\"message\":\"m\"}}").getFirst();
    assertThat(error.error()).isTrue();
    assertThat(error.toString()).isEqualTo("{\"error\":{\"message\":\"m\"}}");
  }

  @Test
  void whatIsNoAnswerIsSaid() {
    assertThatThrownBy(() -> chunks("<html>"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no JSON: <html>");
    assertThatThrownBy(() -> chunks("7")).hasMessageContaining("no chunk: 7");
    assertThatThrownBy(() -> chunks(delta("{\"content\":\"a\"}", 1), "[DONE]"))
        .hasMessageContaining("without a finish_reason");
  }
}
