package dev.muster.deepseek.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final AtomicLong nanos = new AtomicLong();
  private final RetryBudget budget = new RetryBudget(0.25, 1, nanos::get);

  private long taken(int tries) {
    return IntStream.range(0, tries).filter(_ -> budget.take()).count();
  }

  private void later(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aFailingFleetGetsOnlyAShareOfRetries() {
    taken(1000);
    IntStream.range(0, 40).forEach(_ -> budget.request());
    assertThat(taken(1000)).isEqualTo(10);
  }

  @Test
  void aQuietServiceEarnsRetriesByTimeUpToACap() {
    taken(1000);
    later(Duration.ofSeconds(2));
    assertThat(taken(1000)).isEqualTo(2);
    later(Duration.ofHours(1));
    assertThat(taken(1000)).isEqualTo(2);
  }

  @Test
  void theLossOfOneWorkerFindsItsRetriesSavedUp() {
    IntStream.range(0, 1000).forEach(_ -> budget.request());
    assertThat(taken(1000)).isEqualTo(51);
  }

  /** With both together, ten requests a second would get 3.5 retries. */
  @Test
  void underLoadTheFloorAddsNothingToTheShare() {
    taken(1000);
    var retries = 0L;
    for (int i = 0; i < 1000; i++) {
      later(Duration.ofMillis(100));
      budget.request();
      retries += taken(10);
    }
    assertThat(retries).isBetween(249L, 251L);
  }
}
