package dev.muster.drill.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({"90s, PT90S", "6m, PT6M", "1h30m, PT1H30M", "250ms, PT0.25S", "1m30s5ms, PT90.005S"})
  void readsWhatPeopleWrite(String text, Duration duration) {
    assertThat(DurationText.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "90", "6 m", "-6m", "m", "30m1h", "1.5h", "6M", "9999999999s"})
  void refusesEverythingElse(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }

  @Test
  void writesTheShortestText() {
    assertThat(DurationText.of(Duration.ofMinutes(90))).isEqualTo("1h30m");
    assertThat(DurationText.of(Duration.ZERO)).isEqualTo("0s");
  }
}
