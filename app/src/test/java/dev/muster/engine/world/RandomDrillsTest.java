package dev.muster.engine.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Drills of all shapes in a world in which everything goes wrong, in virtual time: whatever
 * happens, nothing is left, the journal can be read, and no verdict lacks its evidence.
 *
 * <p>{@code -Ddrills.random=N} so many, {@code -Ddrills.seed=N} those of a seed; one alone, with
 * its timeline, is {@code -Ddrills.random=1 -Ddrills.seed=N} with the seed that a violation names.
 */
class RandomDrillsTest {
  private static final int MOST_TOLD = 5;

  @Test
  void whateverHappensNothingIsLeftAndNothingIsClaimed() throws Exception {
    int drills = Integer.getInteger("drills.random", 1000);
    long seed = Long.getLong("drills.seed", new Random().nextInt(1_000_000_000));
    System.out.println("drills.seed " + seed + ", drills " + drills);
    List<String> wrong = new ArrayList<>();
    Map<dev.muster.verdict.finding.Status, Integer> verdicts =
        new EnumMap<>(dev.muster.verdict.finding.Status.class);
    Path home = home();
    try {
      for (int n = 0; n < drills && wrong.size() < MOST_TOLD; n++) {
        Path folder = Files.createDirectory(home.resolve("run-" + n));
        RandomRun run = new RandomRun(seed + n, folder);
        wrong.addAll(run.violations());
        if (drills == 1) {
          System.out.println(Files.readString(folder.resolve("timeline.jsonl")) + run);
        }
        if (run.status != null) {
          verdicts.merge(run.status, 1, Integer::sum);
        }
        delete(folder);
      }
    } finally {
      delete(home);
    }
    System.out.println("verdicts " + verdicts);
    assertThat(wrong).isEmpty();
    if (drills >= 1000) { // else it would say nothing about a pass
      assertThat(verdicts).containsKeys(dev.muster.verdict.finding.Status.values());
    }
  }

  /** In memory where there is such a place: every event is put on the disk itself. */
  private static Path home() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "muster-drills")
        : Files.createTempDirectory("muster-drills");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
