package dev.muster.chaosmesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "1h30m, 90m", "10.5s, 10500ms", "500ms, 500ms", "1.5h, 90m", ".5m, 30s", "1.s, 1s",
    "2000us, 2ms", "+3s, 3s", "0, 0s", "-0s, 0s", "60m, 1h", "1000h, 1000h"
  })
  void isReadAsGoReadsItAndWrittenAsADrillDoes(String go, String drill) {
    assertThat(GoDuration.parse(go))
        .isInstanceOfSatisfying(
            GoDuration.Read.class,
            read -> assertThat(GoDuration.drill(read.duration())).isEqualTo(drill));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "ten", "5 s", "1d", "-5s", "1.5us", "1001h", "s", "1h-3m"})
  void whatIsNoDurationOfADrillIsRefused(String go) {
    assertThat(GoDuration.parse(go)).isInstanceOf(GoDuration.Unreadable.class);
  }

  @Test
  void theLongestFittingUnitIsChosen() {
    assertThat(GoDuration.drill(Duration.ofSeconds(90))).isEqualTo("90s");
    assertThat(GoDuration.drill(Duration.ofMinutes(4))).isEqualTo("4m");
  }
}
