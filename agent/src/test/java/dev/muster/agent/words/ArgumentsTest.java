package dev.muster.agent.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void aValueMayHoldWhatSeparatesNamesFromValues() {
    Arguments given =
        Arguments.of(List.of("kind=CpuStress", "why=a=b", "spec={\"peers\":[\"a=b\"]}"));

    assertThat(given.text("kind")).isEqualTo("CpuStress");
    assertThat(given.text("why")).isEqualTo("a=b");
    assertThat(given.text("spec")).isEqualTo("{\"peers\":[\"a=b\"]}");
  }

  @Test
  void whatWasNotGivenHasTheUsualValueOrNone() {
    Arguments given = Arguments.of(List.of("empty="));

    assertThat(given.text("direction", "both")).isEqualTo("both");
    assertThat(given.text("empty")).isEmpty();
    assertThat(given.number("bytes", 7)).isEqualTo(7);
    assertThatThrownBy(() -> given.text("id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lacks id=");
  }

  @Test
  void timesAreSecondsWithPartsOfThem() {
    assertThat(Arguments.of(List.of("ttl=0.25")).seconds("ttl")).isEqualTo(Duration.ofMillis(250));
    assertThat(Arguments.of(List.of("ttl=180.0")).seconds("ttl")).isEqualTo(Duration.ofMinutes(3));
  }

  /** All of them are what the agent's main refuses, before anything is done. */
  @Test
  void wordsThatSayNothingAreRefused() {
    assertThatThrownBy(() -> Arguments.of(List.of("inject")))
        .hasMessage("'inject' is not of the form name=value");
    assertThatThrownBy(() -> Arguments.of(List.of("=x")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Arguments.of(List.of("ttl=soon")).seconds("ttl"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Arguments.of(List.of("bytes=1Mi")).number("bytes", 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
