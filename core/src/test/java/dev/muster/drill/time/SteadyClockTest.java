package dev.muster.drill.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");

  private Instant wall = T;
  private long nanos = 77;
  private long uptime = 99_000;
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos, () -> uptime);

  @Test
  void aWallClockThatIsSetChangesNothing() {
    pass(Duration.ofSeconds(5));
    wall = wall.minus(Duration.ofHours(1));
    pass(Duration.ofSeconds(5));
    assertThat(clock.instant()).isEqualTo(T.plusSeconds(10));
  }

  @Test
  void aMachineThatSleepsIsNoMachineWithoutTime() {
    pass(Duration.ofSeconds(5));
    uptime += Duration.ofMinutes(10).toNanos();
    pass(Duration.ofSeconds(5));
    assertThat(clock.instant()).isEqualTo(T.plusSeconds(610));
    pass(Duration.ofSeconds(5));
    assertThat(clock.instant()).isEqualTo(T.plusSeconds(615));
  }

  /** The uptime comes in hundredths of a second, and is read a moment later. */
  @Test
  void anUptimeThatIsNotExactIsNoSleep() {
    var last = clock.instant();
    for (int i = 0; i < 1000; i++) {
      pass(Duration.ofMillis(7));
      uptime += i % 2 == 0 ? 9_000_000 : -9_000_000;
      assertThat(clock.instant()).isEqualTo(last.plusMillis(7));
      last = clock.instant();
    }
  }

  private void pass(Duration time) {
    wall = wall.plus(time);
    nanos += time.toNanos();
    uptime += time.toNanos();
  }
}
