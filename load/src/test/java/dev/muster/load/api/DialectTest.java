package dev.muster.load.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.LoadRequest;
import dev.muster.drill.LoadRequest.Preset;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DialectTest {
  private static JsonNode sent(Preset preset, boolean stream) {
    var request =
        new LoadRequest(preset, "/c", Map.of(), Map.of(), List.of(), Duration.ofSeconds(1), null);
    var spec =
        new HttpChatClient.Spec(
            URI.create("http://a"),
            () -> null,
            stream,
            5,
            7,
            Duration.ofSeconds(1),
            "m",
            request,
            Map.of(),
            "k");
    return new JsonMapper()
        .readTree(String.valueOf(Api.of(preset).ask(spec.prompts().of("id"), spec).body().get()));
  }

  @Test
  void onlyDeepSeekIsSentItsOwnField() {
    for (var preset : Preset.values()) {
      assertThat(sent(preset, true).has("thinking"))
          .as(preset.toString())
          .isEqualTo(preset == Preset.DEEPSEEK);
      assertThat(sent(preset, false).has("stream_options")).isFalse();
    }
  }

  @Test
  void eachHasOneBoundOfTokens() {
    assertThat(sent(Preset.OPENAI, true).path("max_completion_tokens").asInt()).isEqualTo(7);
    assertThat(sent(Preset.OPENAI, true).has("max_tokens")).isFalse();
    assertThat(sent(Preset.LLAMACPP, true).path("max_tokens").asInt()).isEqualTo(7);
  }
}
