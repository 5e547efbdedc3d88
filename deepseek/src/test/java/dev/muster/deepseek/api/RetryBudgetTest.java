package dev.muster.deepseek.api;

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

  @Test
  void aFailingFleetGetsOnlyAShareOfRetries() {
    taken(1000);
    IntStream.range(0, 40).forEach(_ -> budget.request());
    assertThat(taken(1000)).isEqualTo(10);
  }

  @Test
  void aQuietServiceEarnsRetriesByTimeUpToACap() {
    taken(1000);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(taken(1000)).isEqualTo(2);
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    assertThat(taken(1000)).isEqualTo(26);
  }
}
