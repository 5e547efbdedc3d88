package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GoBuildTest {
  private static String told(int total, int compiled, Duration after) {
    return new GoBuild.Count(total, 5).told(compiled, 5 + after.toNanos());
  }

  @Test
  void theRestTakesAsLongForEachPackageAsThoseBefore() {
    assertThat(told(1000, 500, Duration.ofSeconds(60)))
        .isEqualTo("500 of 1000 packages, about 60 s left");
    assertThat(told(2400, 600, Duration.ofMinutes(4)))
        .isEqualTo("600 of 2400 packages, about 12 min left");
    assertThat(told(100, 100, Duration.ofMinutes(4)))
        .isEqualTo("100 of 100 packages, about 0 s left");
  }

  @Test
  void moreThanThereAreIsNeverSaid() {
    assertThat(told(0, 300, Duration.ofSeconds(60))).isEqualTo("300 packages");
    assertThat(told(200, 300, Duration.ofSeconds(60))).isEqualTo("300 packages");
  }
}
