package dev.muster.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files by chance, made of valid ones: each is a drill, or refused with a place and in words.
 * {@code -Dfuzz=20000} tries so many, {@code -Dfuzz.seed=} the same again.
 */
class DrillFuzzTest {
  private static final int LIMIT_SECONDS = 10;

  @TempDir Path folder;

  @Test
  void everyFileIsADrillOrRefusedAtAPlace() throws Exception {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    int files = Integer.getInteger("fuzz", 2000);
    System.out.println("fuzzed with -Dfuzz.seed=" + seed);
    var valid = valid();
    int drills = 0;
    var worker = Executors.newVirtualThreadPerTaskExecutor();
    for (int i = 0; i < files; i++) {
      var random = new Random(seed + i);
      byte[] bytes = new Mutation(random).of(valid.get(random.nextInt(valid.size())), valid);
      Path file = Files.write(folder.resolve("f.yaml"), bytes);
      var read = worker.submit(() -> DrillFile.read(file));
      try {
        assertThat(read.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isNotNull();
        drills++;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof DrillException refused)) {
          throw new AssertionError(told(seed + i, bytes), e.getCause());
        }
        assertThat(refused.problems()).as(told(seed + i, bytes)).isNotEmpty();
        for (var problem : refused.problems()) {
          assertThat(problem.line()).as("%s%n%s", problem, told(seed + i, bytes)).isPositive();
          assertThat(problem.column()).as("%s%n%s", problem, told(seed + i, bytes)).isPositive();
          assertThat(problem.message()).as(told(seed + i, bytes)).isNotBlank().doesNotContain("\n");
          assertThat(problem.file())
              .as("a place in the file itself: %s%n%s", problem, told(seed + i, bytes))
              .isEqualTo(file.toString());
        }
      } catch (TimeoutException e) {
        throw new AssertionError("no end: " + told(seed + i, bytes), e);
      }
    }
    assertThat(drills)
        .as("some mutants are drills, most are none")
        .isBetween(files / 50, files / 2);
  }

  private static String told(long seed, byte[] bytes) {
    return "-Dfuzz=1 -Dfuzz.seed=" + seed + "\n" + new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<String> valid() throws IOException {
    var texts = new ArrayList<String>();
    for (var folder : List.of("../drills", "src/test/resources/chaosmesh")) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        for (Path file : all.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts;
  }
}
