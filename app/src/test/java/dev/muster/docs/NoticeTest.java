package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose work Muster comes with, or starts, is in NOTICE. */
class NoticeTest {
  private static final Pattern DEPENDENCY =
      Pattern.compile("<groupId>([^<]+)</groupId><artifactId>([^<*]+)</artifactId>([^\\n]*)");

  /** Folders of recipes whose program has another name than they. */
  private static final Pattern RELEASE = Pattern.compile("\\d.*");

  private static List<Path> poms() throws IOException {
    try (Stream<Path> folders = Files.list(Tree.ROOT)) {
      return folders.map(folder -> folder.resolve("pom.xml")).filter(Files::exists).toList();
    }
  }

  private static Stream<String> libraries(Path pom) {
    try {
      return DEPENDENCY
          .matcher(
              Files.readString(pom)
                  .replaceAll("(?s)<dependencyManagement>.*</dependencyManagement>", ""))
          .results()
          .filter(match -> !match.group(1).equals("dev.muster"))
          .filter(match -> !match.group(3).contains("<scope>test</scope>"))
          .map(match -> match.group(2));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void everyLibraryOfAModuleIsNamed() throws IOException {
    String notice = Tree.read("NOTICE");
    assertThat(poms().stream().flatMap(NoticeTest::libraries).distinct())
        .hasSizeGreaterThan(10)
        .allMatch(notice::contains);
  }

  @Test
  void everyProgramOfARecipeIsNamed() throws IOException {
    String notice = Tree.read("NOTICE").toLowerCase(Locale.ROOT);
    try (Stream<Path> recipes =
        Files.list(Tree.ROOT.resolve("kubernetes")).filter(Files::isDirectory)) {
      assertThat(recipes.map(folder -> String.valueOf(folder.getFileName())))
          .hasSizeGreaterThan(3)
          .allMatch(name -> notice.contains(RELEASE.matcher(name).matches() ? "kubernetes" : name));
    }
  }
}
