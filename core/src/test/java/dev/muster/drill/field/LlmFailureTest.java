package dev.muster.drill.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.file.DrillFile;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LlmFailureTest {

  @Test
  void eachIsReadByItsWord() {
    assertThat(LlmFailure.STUCK_DECODE.word()).isEqualTo("stuck-decode");
    for (LlmFailure failure : LlmFailure.values()) {
      assertThat(LlmFailure.of(failure.word())).isEqualTo(failure);
    }
    assertThatThrownBy(() -> LlmFailure.of("slow")).hasMessage("no gray failure: slow");
  }

  /** And each is explained. */
  @Test
  void theSchemaHasTheSameWords() {
    JsonNode schema =
        JsonMapper.shared().readTree(DrillFile.schema()).at("/$defs/step/properties/failure");
    assertThat(schema.path("enum").valueStream().map(JsonNode::asString).toList())
        .isEqualTo(Arrays.stream(LlmFailure.values()).map(LlmFailure::word).toList());
    assertThat(schema.path("enumDescriptions").size()).isEqualTo(LlmFailure.values().length);
  }

  /** The schema promises what is taken where the drill says nothing. */
  @Test
  void whatTakesAFactorHasAUsualOne() {
    for (LlmFailure failure : LlmFailure.values()) {
      assertThat(failure.usualFactor() > 0).as(failure.word()).isEqualTo(failure.takesFactor());
    }
    assertThat(
            JsonMapper.shared()
                .readTree(DrillFile.schema())
                .at("/$defs/step/properties/factor/description")
                .asString())
        .contains(
            "slow-decode (" + LlmFailure.SLOW_DECODE.usualFactor(),
            "slow-load (" + LlmFailure.SLOW_LOAD.usualFactor());
  }
}
