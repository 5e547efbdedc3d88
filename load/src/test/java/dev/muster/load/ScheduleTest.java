package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.muster.drill.Drill.Arrivals;
import dev.muster.drill.Drill.Arrivals.Pattern;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void constantArrivalsAreEvenlySpacedWithoutDrift() {
    var offsets = new Schedule(new Arrivals(Pattern.CONSTANT, 3), 1).offsetsNanos();
    assertThat(offsets.skip(3_000).findFirst()).hasValue(1_000_000_000_000L);
  }

  @Test
  void sameSeedSameArrivalsOtherSeedOthers() {
    var poisson = new Arrivals(Pattern.POISSON, 10);
    var first = new Schedule(poisson, 7).offsetsNanos().limit(1000).toArray();
    assertThat(new Schedule(poisson, 7).offsetsNanos().limit(1000).toArray()).isEqualTo(first);
    assertThat(new Schedule(poisson, 8).offsetsNanos().limit(1000).toArray()).isNotEqualTo(first);
    assertThat(first).isSorted();
  }

  @Test
  void poissonGapsHaveTheMeanAndSpreadOfAnExponential() {
    var offsets =
        new Schedule(new Arrivals(Pattern.POISSON, 20), 42).offsetsNanos().limit(100_000).toArray();
    double mean = offsets[offsets.length - 1] / 1e9 / offsets.length;
    double squares = 0;
    for (int i = 1; i < offsets.length; i++) {
      squares += Math.pow((offsets[i] - offsets[i - 1]) / 1e9 - mean, 2);
    }
    assertThat(mean).isCloseTo(0.05, within(0.001));
    assertThat(Math.sqrt(squares / offsets.length)).isCloseTo(0.05, within(0.001));
  }

  @Test
  void aRateThatIsNoneIsRefused() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Schedule(new Arrivals(Pattern.CONSTANT, rate), 1))
          .hasMessageContaining("load.arrivals");
    }
  }
}
