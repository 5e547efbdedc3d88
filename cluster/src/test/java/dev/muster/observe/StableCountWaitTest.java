package dev.muster.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StableCountWaitTest {
  private final ArrayDeque<Long> counts = new ArrayDeque<>();
  private final LongSupplier count = counts::remove;
  private final StableCountWait wait = new StableCountWait(Duration.ofMillis(1), 3);

  @Test
  void theyAreThereWhenTheCountStandsStill() throws InterruptedException {
    counts.addAll(List.of(1L, 4L, 4L, 9L));
    assertThat(wait.await(count, 0)).isEqualTo(4);
    assertThat(counts).as("nobody looks longer").containsExactly(9L);
  }

  @Test
  void whatHasNotBegunDoesNotStandStill() throws InterruptedException {
    counts.addAll(List.of(0L, 0L, 2L, 2L));
    assertThat(wait.await(count, 1)).isEqualTo(2);
    counts.addAll(List.of(0L, 0L));
    assertThat(wait.await(count, 0)).isZero();
  }

  @Test
  void whereMoreComesWithEveryLookNothingIsProved() {
    counts.addAll(List.of(1L, 2L, 3L, 4L, 5L));
    assertThatThrownBy(() -> wait.await(count, 0))
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("4 until then");
    assertThat(counts).containsExactly(5L);
  }

  @Test
  void whatNeverBeganAndWhatIsClosedEndWithWhatIsThere() throws InterruptedException {
    counts.addAll(List.of(0L, 0L, 0L, 0L, 7L));
    assertThat(wait.await(count, 1)).isZero();
    wait.close();
    assertThat(wait.await(count, 0)).isEqualTo(7);
  }
}
