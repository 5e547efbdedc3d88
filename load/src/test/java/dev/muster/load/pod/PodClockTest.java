package dev.muster.load.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PodClockTest {
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void theTruthIsWithinTheUncertaintyHoweverLopsidedTheWaysAre() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new SplittableRandom(seed);
    for (int run = 0; run < 50; run++) {
      long offset = random.nextLong(-3_600_000_000_000L, 3_600_000_000_000L);
      double drift = random.nextDouble(-200e-6, 200e-6);
      var clock = new PodClock();
      long now = 0;
      for (int i = 0; i < 400; i++) {
        now += random.nextLong(500_000_000L);
        long there = now + random.nextLong(80_000_000L);
        long back = there + random.nextLong(2_000_000L);
        long came = back + random.nextLong(80_000_000L);
        clock.exchange(at(now), pod(there, offset, drift), pod(back, offset, drift), at(came));
        now = came;
        var told = clock.at(at(now));
        long truth = now - Duration.between(BEGIN, pod(now, offset, drift)).toNanos();
        assertThat(Math.abs(told.ahead().toNanos() - truth))
            .as("seed %d, run %d, exchange %d", seed, run, i)
            .isLessThanOrEqualTo(told.uncertainty().toNanos() + 1);
      }
      assertThat(clock.at(at(now)).uncertainty()).isLessThan(Duration.ofMillis(40));
      assertThat(clock.stepped()).isZero();
    }
  }

  @Test
  void aClockThatStoodStillIsNotBelievedAsBefore() {
    var clock = new PodClock();
    for (int i = 0; i < 10; i++) {
      long t = i * 500_000_000L;
      clock.exchange(at(t), at(t + 1_000_000), at(t + 1_000_000), at(t + 2_000_000));
    }
    assertThat(clock.stepped()).isZero();
    long t = 6_000_000_000L;
    long behind = t - 3_000_000_000L;
    clock.exchange(at(t), at(behind), at(behind), at(t + 2_000_000));
    assertThat(clock.stepped()).isBetween(Duration.ofMillis(2980), Duration.ofMillis(3010));
    assertThat(clock.at(at(t)).ahead()).isBetween(Duration.ofMillis(3000), Duration.ofMillis(3003));
  }

  private static Instant at(long nanos) {
    return BEGIN.plusNanos(nanos);
  }

  private static Instant pod(long nanos, long offset, double drift) {
    return BEGIN.plusNanos(nanos - offset + Math.round(nanos * drift));
  }
}
