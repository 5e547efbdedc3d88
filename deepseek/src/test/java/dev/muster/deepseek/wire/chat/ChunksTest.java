package dev.muster.deepseek.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The bytes of the documented example. */
class ChunksTest {
  private static final String TAIL =
      ",\"logprobs\":null}],\"created\":1718345013,\"model\":\"deepseek-v4-pro\",\"system_fingerprint\":\"fp_a49d71b8a1\",\"object\":\"chat.completion.chunk\"";

  @Test
  void streamsThinkingAsDocumented() {
    var chunks = new Chunks("1f63", 1718345013, "deepseek-v4-pro", true, true, -1);
    assertThat(chunks.first())
        .isEqualTo(
            "data: {\"id\":\"1f63\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"\"},\"finish_reason\":null"
                + TAIL
                + ",\"usage\":null}\n\n");
    assertThat(chunks.reasoning("We"))
        .contains("\"delta\":{\"content\":null,\"reasoning_content\":\"We\"}");
    assertThat(chunks.answer("Hello"))
        .contains("\"delta\":{\"content\":\"Hello\",\"reasoning_content\":null}");
  }

  @Test
  void leavesReasoningAndNullUsageOutWhenNotAskedFor() {
    var chunks = new Chunks("1f63", 1718345013, "deepseek-v4-pro", false, false, -1);
    assertThat(chunks.first()).contains("\"delta\":{\"content\":\"\",\"role\":\"assistant\"}");
    assertThat(chunks.answer("Hello"))
        .contains("\"delta\":{\"content\":\"Hello\"}")
        .endsWith("\"object\":\"chat.completion.chunk\"}\n\n")
        .doesNotContain("usage");
  }

  @Test
  void carriesUsageOnTheLastChunk() {
    var chunks = new Chunks("1f63", 1718345013, "deepseek-v4-pro", false, false, -1);
    assertThat(chunks.last("", "stop", new Usage(17, 0, 9, 0, false)))
        .isEqualTo(
            "data: {\"id\":\"1f63\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"role\":null},\"finish_reason\":\"stop\""
                + TAIL
                + ",\"usage\":{\"prompt_tokens\":17,\"completion_tokens\":9,\"total_tokens\":26,\"prompt_tokens_details\":{\"cached_tokens\":0},\"prompt_cache_hit_tokens\":0,\"prompt_cache_miss_tokens\":17}}\n\n");
  }
}
