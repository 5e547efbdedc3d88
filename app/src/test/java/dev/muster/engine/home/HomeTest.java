package dev.muster.engine.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @TempDir Path folder;

  private Home home(Path root) {
    return Home.of(Map.of("MUSTER_HOME", root.toString()), folder, folder);
  }

  @Test
  void oneThatIsNotThereYetIsFine() throws IOException {
    assertThat(home(folder.resolve("a/b")).usable().runs()).isEqualTo(folder.resolve("a/b/runs"));
    Files.createDirectories(folder.resolve("a/b/runs"));
    assertThat(home(folder.resolve("a/b")).usable().root()).isEqualTo(folder.resolve("a/b"));
  }

  @Test
  void aFileIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "");
    refused(file, file + " is a file");
    refused(file.resolve("below"), "can not be made: " + file + " is a file");
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home/labs"), "");
    refused(folder.resolve("home"), "labs is a file");
  }

  @Test
  void whatMayNotBeReadOrMadeIsNone() throws IOException {
    Path runs = Files.createDirectories(folder.resolve("home/runs"));
    refused(folder.resolve("home"), p -> !p.equals(runs), "runs can not be read");
    refused(folder.resolve("home"), p -> false, folder.resolve("home") + " can not be read");
    refused(folder.resolve("a/b"), p -> false, "can not be made in " + folder);
  }

  private void refused(Path root, String why) {
    refused(root, p -> true, why);
  }

  private void refused(Path root, Predicate<Path> mayBe, String why) {
    assertThatThrownBy(() -> home(root).usable(mayBe, mayBe))
        .isInstanceOfSatisfying(
            Refusal.class, r -> assertThat(r.code()).isEqualTo(ExitCode.ENVIRONMENT))
        .hasMessageContaining(why)
        .hasMessageContaining("MUSTER_HOME");
  }
}
