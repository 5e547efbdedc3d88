package dev.muster.deepseek.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DrainTest {
  private final List<Duration> given = new ArrayList<>();

  @Test
  void whatEndsInTimeIsNotGivenAway() throws InterruptedException {
    var running = new AtomicInteger(3);
    Drain.finish(Duration.ofMinutes(1), running::getAndDecrement, given::add);
    assertThat(given).isEmpty();
  }

  @Test
  void whatDoesNotIsGivenAwayBeforeTheTimeIsOver() throws InterruptedException {
    var grace = Duration.ofMillis(600);
    var begin = System.nanoTime();
    Drain.finish(
        grace,
        () -> given.isEmpty() ? 1 : 0,
        within -> {
          assertThat(System.nanoTime() - begin).isGreaterThan(Duration.ofMillis(400).toNanos());
          given.add(within);
        });
    assertThat(given).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void oneAfterTheOther() throws InterruptedException {
    var begin = System.nanoTime();
    List<Long> times = new ArrayList<>();
    Drain.evenly(
        List.of(1, 2, 3), _ -> times.add(System.nanoTime() - begin), Duration.ofMillis(30));
    assertThat(times).hasSize(3);
    assertThat(times.get(2)).isGreaterThan(Duration.ofMillis(20).toNanos());
  }
}
