package dev.muster.load.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.muster.drill.Arrivals;
import dev.muster.drill.Arrivals.Pattern;
import dev.muster.drill.Rate;
import dev.muster.drill.Rate.Stretch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void constantArrivalsAreEvenlySpacedWithoutDrift() {
    var offsets = Schedule.of(Arrivals.constant(3), 1).offsetsNanos();
    assertThat(offsets.skip(3_000).findFirst()).hasValue(1_000_000_000_000L);
  }

  @Test
  void sameSeedSameArrivalsOtherSeedOthers() {
    var poisson = Arrivals.poisson(10);
    var first = Schedule.of(poisson, 7).offsetsNanos().limit(1000).toArray();
    assertThat(Schedule.of(poisson, 7).offsetsNanos().limit(1000).toArray()).isEqualTo(first);
    assertThat(Schedule.of(poisson, 8).offsetsNanos().limit(1000).toArray()).isNotEqualTo(first);
    assertThat(first).isSorted();
  }

  @Test
  void poissonGapsHaveTheMeanAndSpreadOfAnExponential() {
    var offsets = Schedule.of(Arrivals.poisson(20), 42).offsetsNanos().limit(100_000).toArray();
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
      assertThatThrownBy(() -> Schedule.of(Arrivals.constant(rate), 1))
          .hasMessageContaining("load.arrivals");
    }
  }

  /** From 0 to 10 a second in 10 s: 50 requests, of which half come in the last 3 s. */
  @Test
  void aRampSendsItsMeanAndGoesOnAtItsEnd() {
    var ramp = new Rate(List.of(new Stretch(0, 10, Duration.ofSeconds(10))), 10);
    var even = Schedule.of(new Arrivals.Paced(Pattern.CONSTANT, ramp), 1);
    var offsets = even.offsetsNanos().limit(101).toArray();
    assertThat(offsets).isSorted();
    assertThat(offsets[0]).isZero();
    assertThat(offsets[25]).isCloseTo(7_071_067_812L, within(1L));
    assertThat(offsets[50]).isEqualTo(10_000_000_000L);
    assertThat(offsets[100]).isEqualTo(15_000_000_000L);
    var random = Schedule.of(new Arrivals.Paced(Pattern.POISSON, ramp), 1);
    assertThat(random.offsetsNanos().limit(1000).toArray()).isSorted();
  }

  /** Of each minute as many as its rate says, within five standard deviations. */
  @Test
  void randomStepsHaveEachItsRate() {
    var rates = new double[] {20, 200, 5};
    var rate =
        new Rate(
            Arrays.stream(rates).mapToObj(r -> new Stretch(r, r, Duration.ofMinutes(1))).toList(),
            5);
    long seed = RandomGenerator.getDefault().nextLong();
    var counts = new int[3];
    Schedule.of(new Arrivals.Paced(Pattern.POISSON, rate), seed)
        .offsetsNanos()
        .takeWhile(at -> at < 180_000_000_000L)
        .forEach(at -> counts[(int) (at / 60_000_000_000L)]++);
    for (int i = 0; i < 3; i++) {
      double mean = 60 * rates[i];
      assertThat((double) counts[i])
          .as("seed %d", seed)
          .isCloseTo(mean, within(5 * Math.sqrt(mean)));
    }
  }
}
