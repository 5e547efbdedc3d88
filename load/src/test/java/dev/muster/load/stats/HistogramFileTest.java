package dev.muster.load.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramFileTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  @TempDir Path folder;

  /** Sent after 1 ms, first token after 20 ms, ended after 300 ms with a gap of 7 ms. */
  private static Request row(int second, Outcome outcome) {
    var intended = AT.plusSeconds(second);
    var first = intended.plusMillis(20);
    var end = intended.plusMillis(300);
    return new Request(
        "r",
        true,
        intended,
        intended.plusMillis(1),
        first,
        null,
        first,
        end,
        end,
        5,
        7,
        List.of(),
        1,
        0,
        200,
        outcome,
        null,
        null);
  }

  /** Read with the library's own reader, as its tools do. */
  @Test
  void itsOwnReaderFindsEverySecondAndTag() throws IOException {
    var path = folder.resolve("load.hlog");
    try (var file = new HistogramFile(path, AT)) {
      for (int second = 0; second < 3; second++) {
        for (int n = 0; n < 10; n++) {
          var outcome = n == 0 ? Outcome.TRUNCATED : Outcome.COMPLETE;
          file.add(row(second, outcome), AT.plusSeconds(second).plusMillis(300));
        }
      }
      assertThat(path).doesNotExist();
      file.finish(AT.plusSeconds(3));
    }
    var counts = new TreeMap<String, Long>();
    var reader = new HistogramLogReader(path.toFile());
    for (var each = reader.nextIntervalHistogram();
        each != null;
        each = reader.nextIntervalHistogram()) {
      var histogram = (Histogram) each;
      counts.merge(histogram.getTag(), histogram.getTotalCount(), Long::sum);
      assertThat(histogram.getStartTimeStamp())
          .isBetween(AT.toEpochMilli(), AT.toEpochMilli() + 3000);
      double millis =
          switch (histogram.getTag()) {
            case "ttft" -> 20;
            case "total" -> 300;
            case "gap" -> 7;
            default -> 1;
          };
      assertThat(histogram.getMaxValue() / 1e6).isCloseTo(millis, within(millis / 500));
    }
    assertThat(counts.toString()).isEqualTo("{gap=27, sendlag=30, total=27, ttft=30}");
    assertThat(folder.toFile().list()).containsExactly("load.hlog");
  }

  @Test
  void whatCanNotBeWrittenIsToldAtOnceAndWhatWasNotFinishedIsNotThere() throws IOException {
    assertThatThrownBy(() -> new HistogramFile(folder.resolve("no/such"), AT))
        .isInstanceOf(IOException.class);
    try (var file = new HistogramFile(folder.resolve("x"), AT)) {
      file.add(row(0, Outcome.COMPLETE), AT);
    }
    assertThat(folder).isEmptyDirectory();
  }
}
