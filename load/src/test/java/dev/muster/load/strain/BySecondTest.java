package dev.muster.load.strain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.file.SeriesFile.Point;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BySecondTest {
  @Test
  void theLargestOfEachSecondStandsInOrderAndASilentOneIsAHole() {
    var lags = new BySecond();
    lags.add(Instant.parse("2026-01-01T00:00:03.900Z"), 2);
    lags.add(Instant.parse("2026-01-01T00:00:01.000Z"), 7);
    lags.add(Instant.parse("2026-01-01T00:00:01.999Z"), 5);
    double first = Instant.parse("2026-01-01T00:00:01Z").getEpochSecond();
    assertThat(lags.points()).containsExactly(new Point(first, 7), new Point(first + 2, 2));
  }
}
