package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests speak one dialect: CONTRIBUTING.md says which. */
class TestNamesTest {
  private static final Pattern TEST = Pattern.compile("@(Parameterized|Repeated)?Test\\b");
  private static final Pattern UNDERSCORED = Pattern.compile("\\bvoid (\\w+_\\w*)\\(");

  private static List<Path> tests() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Tree.ROOT)) {
      for (Path folder :
          modules.map(m -> m.resolve("src/test/java")).filter(Files::exists).toList()) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            if (TEST.matcher(Files.readString(file)).find()) {
              found.add(file);
            }
          }
        }
      }
    }
    return found;
  }

  @Test
  void aMethodIsASentenceInCamelCase() throws IOException {
    List<String> others = new ArrayList<>();
    for (Path file : tests()) {
      UNDERSCORED
          .matcher(Files.readString(file))
          .results()
          .forEach(match -> others.add(file.getFileName() + ": " + match.group(1)));
    }
    assertThat(others).isEmpty();
  }

  @Test
  void aClassEndsInTest() throws IOException {
    assertThat(tests())
        .hasSizeGreaterThan(300)
        .allMatch(file -> file.toString().endsWith("Test.java"));
  }
}
