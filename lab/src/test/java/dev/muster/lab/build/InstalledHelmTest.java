package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstalledHelmTest {
  @ParameterizedTest
  @CsvSource({
    "v3.12.0, true",
    "v3.22.1, true",
    "v3.11.9, false",
    "v2.17.0, false",
    "v4.0.1, false",
    "none, false"
  })
  void fromThreeTwelveOnAndNoOtherMajor(String told, boolean used) {
    assertThat(InstalledHelm.willDo(told + "\n")).isEqualTo(used);
  }
}
