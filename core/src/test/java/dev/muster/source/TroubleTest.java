package dev.muster.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TroubleTest {
  @TempDir Path folder;

  @Test
  void whatOneMayNotReadIsTold() {
    assertThat(Trouble.why(new AccessDeniedException("a/closed"))).isEqualTo("permission denied");
  }

  @Test
  void thePathIsNotSaidAgain() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "");
    assertThat(why(file.resolve("below"))).isEqualTo("Not a directory");
    assertThat(why(folder.resolve("none"))).isEqualTo("no such file or folder");
    assertThatThrownBy(() -> new RandomAccessFile(file.resolve("below").toFile(), "rw"))
        .isInstanceOfSatisfying(
            IOException.class, e -> assertThat(Trouble.why(e)).isEqualTo("Not a directory"));
  }

  private static String why(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      return Trouble.why(e);
    }
  }
}
