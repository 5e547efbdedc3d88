package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who looks up a message finds it only as long as Muster still says it. */
class TroubleshootingTest {
  private static final String PAGE = "docs/troubleshooting.md";

  /** A text that Java puts together from several literals, one after the other. */
  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

  /** Letters of a message that are to be looked for, at least: fewer are found anywhere. */
  private static final int FEWEST = 12;

  private static List<String> messages() throws IOException {
    return Tree.firstCells(Tree.read(PAGE), Pattern.compile("^## ")).stream()
        .flatMap(cell -> Tree.code(cell).stream())
        .toList();
  }

  /** What stands between the parts that differ. */
  private static List<String> parts(String message) {
    return Arrays.stream(message.split("…", -1)).map(String::strip).toList();
  }

  @Test
  void everyMessageIsStillSaid() throws IOException {
    Collection<String> sources =
        Tree.sources().values().stream()
            .map(text -> JOINED.matcher(text).replaceAll("").replace("\\\"", "\""))
            .toList();
    List<String> stale = new ArrayList<>();
    for (String message : messages()) {
      List<String> parts = parts(message);
      if (sources.stream().noneMatch(text -> parts.stream().allMatch(text::contains))) {
        stale.add(message);
      }
    }
    assertThat(stale).as("messages of " + PAGE + " that no source has").isEmpty();
  }

  @Test
  void aMessageHasWordsToLookFor() throws IOException {
    assertThat(messages()).hasSizeGreaterThan(80).doesNotHaveDuplicates();
    assertThat(messages())
        .allMatch(message -> parts(message).stream().mapToInt(String::length).sum() >= FEWEST);
  }
}
