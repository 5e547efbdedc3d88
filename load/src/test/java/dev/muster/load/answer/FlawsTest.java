package dev.muster.load.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import org.junit.jupiter.api.Test;

class FlawsTest {
  private final Flaws flaws = new Flaws();

  @Test
  void nothingIsWrongAtFirst() {
    assertThat(flaws.outcome()).isNull();
    assertThat(flaws.detail()).isNull();
  }

  @Test
  void theFirstIsTheOutcomeAndEachIsToldOnceInOrder() {
    flaws.add(Outcome.CORRUPT, "doubled");
    flaws.add(Outcome.TRUNCATED, "cut");
    flaws.add(Outcome.CORRUPT, "doubled");
    assertThat(flaws.outcome()).isEqualTo(Outcome.CORRUPT);
    assertThat(flaws.detail()).isEqualTo("doubled; then cut");
  }

  @Test
  void fourAreKept() {
    for (int i = 1; i <= 9; i++) {
      flaws.add(Outcome.MALFORMED, "f" + i);
    }
    assertThat(flaws.detail()).isEqualTo("f1; then f2; then f3; then f4");
  }

  @Test
  void longOnesAreClippedTheServersWordsLater() {
    flaws.add(Outcome.MALFORMED, "x".repeat(161));
    flaws.addWords(Outcome.IN_BAND_ERROR, "y".repeat(501));
    assertThat(flaws.detail()).isEqualTo("x".repeat(160) + "…; then " + "y".repeat(500) + "…");
  }

  @Test
  void whatNoFileCanHoldIsReplaced() {
    assertThat(Flaws.clip("a\ud83d", 9)).isEqualTo("a?");
    assertThat(Flaws.clip("a😀b", 2)).isEqualTo("a?…");
    assertThat(Flaws.clip("a\r\n\u001b[1mb", 9)).isEqualTo("a [1mb");
  }
}
