package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.deepseek.wire.chat.ChatRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static Demand demand(String more, String prompt) {
    var body =
        "{\"model\":\"m\"%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(more, prompt)
            .getBytes(StandardCharsets.UTF_8);
    return Demand.of(ChatRequest.parse(body), body);
  }

  @Test
  void readingATokenCostsAFifthOfWritingOne() {
    var demand = demand(",\"max_tokens\":7", "x".repeat(100));
    assertThat(demand.prompt()).isEqualTo(30);
    assertThat(demand.cost()).isEqualTo(6 + 7);
  }

  @Test
  void whoSetsNoBoundOrAHugeOneIsTakenForUsual() {
    assertThat(demand("", "x").answer()).isEqualTo(256);
    assertThat(demand(",\"max_tokens\":300000", "x").answer()).isEqualTo(4096);
  }

  @Test
  void requestsThatBeginAlikeHaveOnePrefixWhateverTheirParameters() {
    var system = "You are helpful. ".repeat(40);
    var prefix = demand("", system + "one").prefix();
    assertThat(prefix).isNotZero();
    assertThat(demand(",\"max_tokens\":7", system + "two").prefix()).isEqualTo(prefix);
    assertThat(demand("", "Other. " + system).prefix()).isNotEqualTo(prefix);
    assertThat(demand("", "short").prefix()).isZero();
  }
}
