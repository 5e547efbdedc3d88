package dev.muster.docs;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever looks for a place reads names: a package has few of them, and says what it is. */
class TreeTest {
  private static final int FILES_OF_A_PACKAGE = 20;
  private static final int LINES_OF_A_FILE = 400;

  private static List<Path> java(String sources) throws IOException {
    try (Stream<Path> modules = Files.list(Tree.ROOT)) {
      List<Path> folders = modules.map(m -> m.resolve(sources)).filter(Files::isDirectory).toList();
      assertThat(folders).hasSizeGreaterThan(8);
      Stream<Path> files = Stream.empty();
      for (Path folder : folders) {
        try (Stream<Path> below = Files.walk(folder)) {
          files =
              Stream.concat(
                  files, below.filter(f -> f.toString().endsWith(".java")).toList().stream());
        }
      }
      return files.toList();
    }
  }

  private static boolean describes(Path file) {
    return file.endsWith("package-info.java");
  }

  @Test
  void noPackageHasManyFiles() throws IOException {
    var sizes =
        java("src/main/java").stream()
            .filter(f -> !describes(f))
            .collect(groupingBy(Path::getParent, counting()));
    assertThat(sizes).isNotEmpty();
    assertThat(sizes)
        .allSatisfy((folder, files) ->
            assertThat(files).as(folder.toString()).isLessThanOrEqualTo(FILES_OF_A_PACKAGE));
  }

  @Test
  void eachPackageSaysWhatIsInIt() throws IOException {
    for (Path folder : java("src/main/java").stream().map(Path::getParent).distinct().toList()) {
      assertThat(folder.resolve("package-info.java")).content().contains("/**");
    }
  }

  @Test
  void noFileIsLong() throws IOException {
    for (String sources : List.of("src/main/java", "src/test/java")) {
      for (Path file : java(sources)) {
        assertThat(Files.readAllLines(file))
            .as(file.toString())
            .hasSizeLessThanOrEqualTo(LINES_OF_A_FILE);
      }
    }
  }
}
