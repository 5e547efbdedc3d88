package dev.muster.timeline.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFileTest {
  private static final Instant FROM = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsRead() {
    var file =
        new SeriesFile(
            FROM,
            FROM.plusSeconds(10),
            Duration.ofSeconds(5),
            List.of(
                new SeriesFile.Line(
                    "node_ready",
                    Map.of("node", "n1"),
                    List.of(
                        new SeriesFile.Point(FROM.getEpochSecond(), 1),
                        new SeriesFile.Point(FROM.getEpochSecond() + 5, 0.25)))));
    file.write(folder);
    assertThat(SeriesFile.read(folder)).contains(file);
  }

  @Test
  void theFormIsThatOfTheContract() throws IOException {
    new SeriesFile(
            FROM,
            FROM.plusSeconds(5),
            Duration.ofSeconds(5),
            List.of(
                new SeriesFile.Line(
                    "a", Map.of("b", "c"), List.of(new SeriesFile.Point(1700000000, 2)))))
        .write(folder);
    assertThat(Files.readString(folder.resolve("series.json")))
        .isEqualTo(
            "{\"from\":\"2026-01-02T03:04:05Z\",\"to\":\"2026-01-02T03:04:10Z\",\"step\":5,"
                + "\"series\":[{\"name\":\"a\",\"labels\":{\"b\":\"c\"},\"points\":[[1.7E9,2.0]]}]}");
  }

  @Test
  void whatAnotherMeasuredStandsBesideIt() {
    var first = new SeriesFile.Line("a", Map.of(), List.of(new SeriesFile.Point(1, 2)));
    var second = new SeriesFile.Line("b", Map.of(), List.of(new SeriesFile.Point(3, 4)));
    new SeriesFile(FROM, FROM.plusSeconds(9), Duration.ofSeconds(1), List.of(first)).add(folder);
    new SeriesFile(FROM.minusSeconds(3), FROM, Duration.ofSeconds(5), List.of(second)).add(folder);
    assertThat(SeriesFile.read(folder))
        .contains(
            new SeriesFile(
                FROM.minusSeconds(3),
                FROM.plusSeconds(9),
                Duration.ofSeconds(5),
                List.of(first, second)));
  }

  @Test
  void aRunThatWasNotMeasuredHasNone() {
    assertThat(SeriesFile.read(folder)).isEmpty();
  }

  @Test
  void whatIsNoSeriesIsRefusedByItsName() throws IOException {
    Files.writeString(folder.resolve("series.json"), "{\"from\":");
    assertThatThrownBy(() -> SeriesFile.read(folder))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("series.json");
  }
}
