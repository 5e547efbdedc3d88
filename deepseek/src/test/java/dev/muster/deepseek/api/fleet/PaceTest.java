package dev.muster.deepseek.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MILLI = 1_000_000;
  private final Pace pace = new Pace();

  private void gaps(int count, long millis) {
    for (int i = 0; i < count; i++) {
      pace.gap(millis * MILLI);
    }
  }

  @Test
  void fewGapsAreNoPace() {
    gaps(31, 20);
    assertThat(pace.p99()).isZero();
    gaps(1, 20);
    assertThat(pace.p99()).isBetween(20 * MILLI, 40 * MILLI);
  }

  @Test
  void oneLongGapOfManyIsNotThePaceButSeveralAre() {
    gaps(991, 20);
    gaps(1, 900);
    gaps(32, 20);
    assertThat(pace.p99()).isLessThan(40 * MILLI);
    gaps(64, 900);
    assertThat(pace.p99()).isBetween(900 * MILLI, 1800 * MILLI);
  }

  @Test
  void whatWasLongAgoIsForgotten() {
    gaps(1000, 900);
    gaps(40_000, 20);
    assertThat(pace.p99()).isLessThan(40 * MILLI);
  }

  @Test
  void gapsOfAnyLengthHaveABucket() {
    for (int i = 0; i < 32; i++) {
      pace.gap(Duration.ofDays(10_000).toNanos());
      pace.gap(-1);
    }
    assertThat(pace.p99()).isGreaterThan(Duration.ofDays(10_000).toNanos());
  }
}
