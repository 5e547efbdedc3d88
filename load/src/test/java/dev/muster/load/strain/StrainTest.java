package dev.muster.load.strain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.file.SeriesFile.Point;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrainTest {
  private Instant now = Instant.ofEpochSecond(100);
  @TempDir Path folder;

  private Path stat(int steal) throws Exception {
    return Files.writeString(
        folder.resolve("stat"),
        "cpu  10 20 30 40 50 60 70 %d 0 0%ncpu0 1 1 1 1 1 1 1 99 0 0%n".formatted(steal));
  }

  @Test
  void stealIsWhatCameInASecond() throws Exception {
    try (var strain = new Strain(() -> now, stat(5))) {
      stat(12);
      strain.look();
      now = now.plusSeconds(1);
      strain.look();
      assertThat(strain.stealBySecond()).containsExactly(new Point(100, 70), new Point(101, 0));
    }
  }

  @Test
  void whereTheSystemTellsNothingNothingIsTold() {
    try (var strain = new Strain(() -> now, folder.resolve("none"))) {
      strain.look();
      assertThat(strain.stealBySecond()).isEmpty();
      assertThat(strain.gcBySecond()).hasSize(1);
    }
  }

  @Test
  @SuppressWarnings("ExplicitGc") // what is to be seen
  void aCollectionIsSeen() {
    try (var strain = new Strain(() -> now, folder.resolve("none"))) {
      for (int n = 0; n < 100 && total(strain) == 0; n++) { // one may take less than a millisecond
        System.gc();
        strain.look();
      }
      assertThat(total(strain)).isPositive();
    }
  }

  private static double total(Strain strain) {
    return strain.gcBySecond().stream().mapToDouble(Point::value).sum();
  }
}
