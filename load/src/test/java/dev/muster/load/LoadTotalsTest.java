package dev.muster.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.LoadTotals.Quantity;
import dev.muster.load.stats.Failure;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadTotalsTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  /** Sent 1 ms late, first token after n times 10 ms, ended after n times 100 ms. */
  private static Request row(int n, Outcome outcome) {
    var intended = AT.plusSeconds(n);
    return new Request(
        "r" + n,
        true,
        intended,
        intended.plusMillis(1),
        intended.plusMillis(5),
        null,
        intended.plusMillis(10L * n),
        intended.plusMillis(100L * n),
        intended.plusMillis(100L * n),
        7,
        n,
        List.of(),
        1,
        0,
        200,
        outcome,
        outcome == Outcome.COMPLETE ? null : "why",
        null);
  }

  @Test
  void countsAndQuantilesAreOfTheRows() {
    var account = new LoadTotals();
    for (int n = 1; n <= 100; n++) {
      account.add(row(n, n <= 90 ? Outcome.COMPLETE : Outcome.TRUNCATED));
    }
    var told = account.told();
    assertThat(told.requests()).isEqualTo(100);
    assertThat(told.outcomes()).isEqualTo(Map.of(Outcome.COMPLETE, 90L, Outcome.TRUNCATED, 10L));
    assertThat(told.errorRatio()).isEqualTo(0.1);
    assertThat(told.tokens()).isEqualTo(700);
    assertThat(told.seconds()).isEqualTo(109); // from second 1 to 10 s after second 100
    assertThat(told.ttft().count()).isEqualTo(100);
    assertThat(told.ttft().p50()).isBetween(500.0, 501.0);
    assertThat(told.total().count()).as("of answered ones").isEqualTo(90);
    assertThat(told.total().max()).isBetween(9000.0, 9010.0);
    assertThat(told.longestGap().max()).isBetween(90.0, 90.1);
    assertThat(told.sendLag().max()).isBetween(1.0, 1.01);
    assertThat(told.failures())
        .containsExactly(new Failure(Outcome.TRUNCATED, 200, 10, 100, "why"));
  }

  /** Else a service that loses its slow answers would be a fast one. */
  @Test
  void whatWasNotAnsweredWaitedForever() {
    var account = new LoadTotals();
    assertThat(account.millis(Quantity.TOTAL, 0.5)).isNaN();
    for (int n = 1; n <= 100; n++) {
      account.add(row(n, n <= 90 ? Outcome.COMPLETE : Outcome.TRUNCATED));
    }
    account.add(row(1, Outcome.GENERATOR_LATE));
    assertThat(account.of(Quantity.TOTAL)).isEqualTo(100);
    assertThat(account.millis(Quantity.TOTAL, 0.5)).isBetween(5000.0, 5010.0);
    assertThat(account.millis(Quantity.TOTAL, 0.9)).isBetween(9000.0, 9010.0);
    assertThat(account.millis(Quantity.TOTAL, 0.91)).isInfinite();
    assertThat(account.millis(Quantity.GAP, 1)).isBetween(90.0, 90.1);
  }

  @Test
  void whatTellsNothingOfTheServiceHasNoRatio() {
    var account = new LoadTotals();
    assertThat(account.told().errorRatio()).isNull();
    account.add(row(1, Outcome.GENERATOR_LATE));
    assertThat(account.told().errorRatio()).isNull();
  }
}
