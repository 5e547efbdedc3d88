package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.LabException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZstdTest {
  /** What Java says of a library on a file system that is mounted noexec. */
  private static final String NOEXEC =
      "/tmp/libzstd.so: /tmp/libzstd.so: failed to map segment from shared object\nno zstd in path";

  @TempDir Path folder;

  private final List<File> tried = new ArrayList<>();

  @Test
  void whatWasPackedIsUnpacked() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (OutputStream out = Zstd.output(packed, 9)) {
      out.write("content".getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream in = Zstd.input(new ByteArrayInputStream(packed.toByteArray()))) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("content");
    }
  }

  @Test
  void whereOneFolderIsNoexecAnotherIsTaken() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Zstd.load(
        List.of(folder.resolve("none"), first, second, folder),
        at -> {
          tried.add(at);
          if (at.equals(first.toFile())) {
            throw new UnsatisfiedLinkError(NOEXEC);
          }
        });
    assertThat(tried).containsExactly(first.toFile(), second.toFile());
  }

  @Test
  void whereNoneIsLeftItIsSaidWhatToDo() {
    assertThatThrownBy(() ->
            Zstd.load(
                List.of(folder.resolve("none"), folder),
                at -> {
                  throw new ExceptionInInitializerError(NOEXEC);
                }))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(folder.resolve("none") + " can not be written")
        .hasMessageContaining(folder + ": it is mounted noexec)")
        .hasMessageContaining("JDK_JAVA_OPTIONS=-Djava.io.tmpdir=FOLDER");
  }
}
