package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README in both languages has the same in it: what one is told, the other is not denied. */
class ReadmeTest {
  private static final Pattern COMMENT = Pattern.compile("\\s+#.*");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)");
  private static final Pattern ANY = Pattern.compile("^#");

  private static String english() throws IOException {
    return Tree.read("README.md");
  }

  private static String chinese() throws IOException {
    return Tree.read("README.zh.md");
  }

  /** Levels of the headings, one after the other. */
  private static List<String> headings(String text) {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  /** Without comments, which are told in each language's own words. */
  private static List<String> commands(String text) {
    return Tree.blocks(text).stream()
        .flatMap(String::lines)
        .map(line -> COMMENT.matcher(line).replaceFirst(""))
        .toList();
  }

  private static List<List<String>> rows(String text) {
    return Tree.firstCells(text, ANY).stream().map(Tree::code).toList();
  }

  private static List<String> links(String text) {
    return LINK.matcher(text)
        .results()
        .map(m -> m.group(1))
        .filter(link -> !link.startsWith("README"))
        .distinct()
        .sorted()
        .toList();
  }

  /** Names of files, variables and options, however often. */
  private static List<String> code(String text) {
    return text.lines().flatMap(line -> Tree.code(line).stream()).distinct().sorted().toList();
  }

  @Test
  void bothHaveTheSameSections() throws IOException {
    assertThat(headings(chinese())).isEqualTo(headings(english())).hasSizeGreaterThan(5);
  }

  @Test
  void bothTellTheSameCommands() throws IOException {
    assertThat(commands(chinese())).isEqualTo(commands(english())).isNotEmpty();
    assertThat(rows(chinese())).isEqualTo(rows(english())).isNotEmpty();
    assertThat(code(chinese())).isEqualTo(code(english()));
  }

  @Test
  void bothLeadToTheSamePages() throws IOException {
    assertThat(links(chinese())).isEqualTo(links(english()));
    assertThat(english()).contains("(README.zh.md)");
    assertThat(chinese()).contains("(README.md)");
  }
}
