package dev.muster.load.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void everythingStandsWhereItHappened() {
    var series =
        Series.of(
            List.of(
                row(0, 300L, 2_500, Outcome.COMPLETE),
                row(100, 500L, 4_200, Outcome.TRUNCATED),
                row(1_000, null, 1_100, Outcome.CONNECTION_FAILED),
                request(3_500, null, null, null, Outcome.NOT_SENT)),
            T0);
    assertThat(series.seconds()).hasSize(5);
    assertThat(series.seconds()).extracting(Series.Second::success).containsExactly(0, 0, 1, 0, 0);
    assertThat(series.seconds()).extracting(Series.Second::errors).containsExactly(0, 1, 0, 1, 1);
    assertThat(series.seconds())
        .extracting(Series.Second::activeStreams)
        .containsExactly(2, 2, 1, 1, 0);
    assertThat(series.seconds().getFirst().ttftP50Millis()).isCloseTo(300, within(1.0));
    assertThat(series.seconds().getFirst().ttftP99Millis()).isCloseTo(400, within(1.0));
    assertThat(series.seconds().get(1).ttftP50Millis()).isNull();
  }

  @Test
  void nothingGivesNothing() {
    assertThat(Series.of(List.of(), T0).seconds()).isEmpty();
  }

  private static Request row(long sent, @Nullable Long first, long ended, Outcome outcome) {
    var at = first == null ? null : T0.plusMillis(first);
    return request(sent, T0.plusMillis(sent), at, T0.plusMillis(ended), outcome);
  }

  private static Request request(
      long intended,
      @Nullable Instant sent,
      @Nullable Instant first,
      @Nullable Instant ended,
      Outcome outcome) {
    return new Request(
        "r" + intended,
        true,
        T0.plusMillis(intended),
        sent,
        first,
        null,
        first,
        first,
        ended,
        1,
        0,
        List.of(),
        1,
        0,
        200,
        outcome,
        null,
        true);
  }
}
