package dev.muster.deepseek.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import org.junit.jupiter.api.Test;

class FimTest {
  private static final String CHUNK =
      "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{%s},\"finish_reason\":null,\"logprobs\":%s}],\"object\":\"chat.completion.chunk\"}";

  private static Fim parse(String json) {
    return Fim.parse(json.getBytes(UTF_8));
  }

  @Test
  void itIsAChatOfPromptAndSuffix() {
    var fim =
        parse(
            "{\"model\":\"m\",\"prompt\":\"p\",\"suffix\":\"s\",\"max_tokens\":3,\"stop\":\"x\",\"logprobs\":2}");
    assertThat(Json.parse(fim.chat()))
        .isEqualTo(
            Json.parse(
                """
                {"model":"m","max_tokens":3,"stop":"x","logprobs":true,"top_logprobs":2,
                 "thinking":{"type":"disabled"},
                 "messages":[{"role":"system","content":"s"},{"role":"user","content":"p"}]}\
                """));
    assertThat(ChatRequest.parse(fim.chat()).lastUser()).isEqualTo("p");
  }

  @Test
  void offsetsOfTokensGoOnFromChunkToChunkAndCountTheEcho() {
    var fim = parse("{\"model\":\"m\",\"prompt\":\"pro\",\"echo\":true,\"logprobs\":0}");
    assertThat(
            Json.parse(
                    fim.chunk(CHUNK.formatted("\"role\":\"assistant\",\"content\":\"\"", "null")))
                .at("/choices/0/text")
                .asString())
        .isEqualTo("pro");
    for (int offset : new int[] {3, 5}) {
      var chunk =
          fim.chunk(
              CHUNK.formatted(
                  "\"content\":\"ab\"", "{\"content\":[{\"token\":\"ab\",\"logprob\":-1}]}"));
      assertThat(Json.parse(chunk).at("/choices/0/text").asString()).isEqualTo("ab");
      assertThat(Json.parse(chunk).at("/choices/0/logprobs/text_offset/0").asInt())
          .isEqualTo(offset);
    }
  }
}
