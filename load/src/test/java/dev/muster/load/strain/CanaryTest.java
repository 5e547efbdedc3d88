package dev.muster.load.strain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.load.http.Loop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CanaryTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private final Loop loop = new Loop("test-sockets");

  @AfterEach
  void close() {
    loop.close();
  }

  /** As a hog of the load's thread would. */
  private void hold(Duration time) {
    loop.execute(() -> {
      for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() - end < 0; ) {
        Thread.onSpinWait();
      }
    });
  }

  @Test
  void aLoopThatIsHeldUpIsLateThenAndNotLongAfter() throws Exception {
    try (var canary = new Canary(loop, CLOCK)) {
      await().until(() -> canary.lagMillis(50) > 0);
      var before = CLOCK.instant();
      hold(Duration.ofSeconds(2));
      var held = before.plusSeconds(1);
      await().until(() -> !canary.late().isEmpty() && canary.late().getLast().to().isAfter(held));
      await().until(() -> !canary.lateAt(CLOCK.instant()));
      assertThat(canary.lateAt(held)).isTrue();
      assertThat(canary.lateAt(before.minusSeconds(60))).isFalse();
      var late = canary.late().getLast();
      assertThat(Duration.between(before, late.from()).abs()).isLessThan(Duration.ofSeconds(1));
      assertThat(late.lag()).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(20));
    }
  }

  /** Nothing has been read yet of what is late now. */
  @Test
  void whileTheLoopIsHeldUpItIsKnown() throws Exception {
    try (var canary = new Canary(loop, CLOCK)) {
      await().until(() -> canary.lagMillis(50) > 0);
      hold(Duration.ofSeconds(2));
      await().atMost(Duration.ofSeconds(20)).until(() -> canary.lateAt(CLOCK.instant()));
    }
  }

  @Test
  void aCanaryThatIsGoneProvesNothing() throws Exception {
    var canary = new Canary(loop, CLOCK);
    try (canary) {
      await().until(() -> canary.lagMillis(50) > 0);
      assertThat(canary.lateAt(Instant.EPOCH)).isFalse();
    }
    await().until(() -> canary.lateAt(Instant.EPOCH));
    // nor does the run pass by it: until now nobody saw whether the generator was in time
    assertThat(canary.late()).isNotEmpty();
    assertThat(canary.late().getLast().lag()).isGreaterThan(Canary.LATE);
  }
}
