package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final Patience patience =
      new Patience(
          Duration.ofMillis(1500),
          Duration.ofSeconds(3),
          Duration.ofSeconds(5),
          2_000,
          Duration.ofMinutes(10));

  private long between(long p99Millis) {
    return patience.betweenTokens(p99Millis * 1_000_000) / 1_000_000;
  }

  @Test
  void betweenTokensItIsEightOfTheWorkersOwnGapsWithinItsBounds() {
    assertThat(between(30)).isEqualTo(1500);
    assertThat(between(250)).isEqualTo(2000);
    assertThat(between(400)).isEqualTo(3000);
    assertThat(patience.betweenTokens(Long.MAX_VALUE)).isEqualTo(3_000_000_000L);
  }

  @Test
  void aWorkerOfWhichNothingIsKnownGetsTheMost() {
    assertThat(between(0)).isEqualTo(3000);
  }

  @Test
  void aFloorAboveTheCeilingIsTheCeiling() {
    var odd =
        new Patience(
            Duration.ofSeconds(9), Duration.ofSeconds(2), Duration.ZERO, 1, Duration.ofMinutes(1));
    assertThat(odd.betweenTokens(1)).isEqualTo(2_000_000_000L);
  }

  @Test
  void theFirstTokenMayTakeAsLongAsThePromptsThatAreReadBeforeIt() {
    assertThat(patience.toFirstToken(0, false)).isEqualTo(5_000_000_000L);
    assertThat(patience.toFirstToken(20_000, false)).isEqualTo(15_000_000_000L);
    assertThat(patience.toFirstToken(20_000, true)).isEqualTo(20_000_000_000L);
  }
}
