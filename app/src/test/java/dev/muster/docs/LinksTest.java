package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links between documents lead somewhere, to the heading too. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:.*");
  private static final Pattern HEADING = Pattern.compile("^#+ (.*)$");
  private static final Pattern DROPPED = Pattern.compile("[^\\p{L}\\p{N} _-]");

  private final Map<Path, Set<String>> anchors = new HashMap<>();

  /** As GitHub names headings: lower case, without punctuation, blanks as hyphens. */
  private static Set<String> anchorsOf(Path document) throws IOException {
    Set<String> found = new HashSet<>();
    for (String line : Files.readAllLines(document)) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        String text = heading.group(1).toLowerCase(Locale.ROOT);
        found.add(DROPPED.matcher(text).replaceAll("").replace(' ', '-'));
      }
    }
    return found;
  }

  private boolean leads(Path from, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path to = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    if (!Files.exists(to)) {
      return false;
    }
    if (parts.length == 1) {
      return true;
    }
    if (!anchors.containsKey(to)) {
      anchors.put(to, anchorsOf(to));
    }
    return anchors.getOrDefault(to, Set.of()).contains(parts[1]);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : Tree.documents()) {
      for (String link :
          LINK.matcher(Files.readString(document)).results().map(m -> m.group(1)).toList()) {
        if (!ELSEWHERE.matcher(link).matches()) {
          links++;
          if (!leads(document, link)) {
            broken.add(Tree.ROOT.relativize(document) + ": " + link);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isGreaterThan(100);
  }
}
