package dev.muster.deepseek.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiRequestTest {
  private static JsonNode asked(String more) {
    var chat =
        "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"p\"}"
            + more
            + "}";
    return Json.parse(OpenAiRequest.of(chat.getBytes(UTF_8)).body());
  }

  @Test
  void itAsksForUsageAndForTheCountOfTokens() {
    assertThat(asked("]"))
        .isEqualTo(
            Json.parse(
                """
                {"model":"m","temperature":0,"messages":[{"role":"user","content":"p"}],
                 "stream_options":{"include_usage":true},"timings_per_token":true}
                """));
    assertThat(asked("],\"stream_options\":{\"include_usage\":false}").path("stream_options"))
        .isEqualTo(Json.parse("{\"include_usage\":true}"));
  }

  @Test
  void aPrefixIsALastMessageThatIsContinued() {
    var asked =
        asked(
            ",{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_content\":\"t\",\"prefix\":true}]");
    assertThat(asked.path("messages").path(1))
        .isEqualTo(
            Json.parse("{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_content\":\"t\"}"));
    assertThat(asked.path("continue_final_message").asBoolean()).isTrue();
    assertThat(asked.path("add_generation_prompt").asBoolean(true)).isFalse();
    assertThat(asked(",{\"role\":\"assistant\",\"content\":\"a\"}]").has("continue_final_message"))
        .isFalse();
  }

  @Test
  void thinkingIsSwitchedOffInTheTemplate() {
    for (var off :
        new String[] {"\"thinking\":{\"type\":\"disabled\"}", "\"reasoning_effort\":\"none\""}) {
      assertThat(asked("]," + off).path("chat_template_kwargs"))
          .isEqualTo(Json.parse("{\"enable_thinking\":false}"));
    }
    var own = "],\"chat_template_kwargs\":{\"a\":1},\"thinking\":{\"type\":\"disabled\"}";
    assertThat(asked(own).path("chat_template_kwargs"))
        .isEqualTo(Json.parse("{\"a\":1,\"enable_thinking\":false}"));
    assertThat(asked("],\"thinking\":{\"type\":\"enabled\"}").has("chat_template_kwargs"))
        .isFalse();
  }
}
