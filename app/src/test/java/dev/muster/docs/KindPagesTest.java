package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.guide.KindFacts;
import dev.muster.drill.kind.Kind;
import dev.muster.drill.kind.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pages for people tell of each kind of fault what the kind says of itself. */
class KindPagesTest {
  /** They go with most kinds, and are told of above the table. */
  private static final List<String> COMMON = List.of("duration", "ttl", "follow");

  private static final Pattern DRILL = Pattern.compile("drills/[-a-z]+\\.yaml");

  @Test
  void theTableHasTheFieldsOfEachKind() throws IOException {
    Map<String, List<String>> told = new LinkedHashMap<>();
    Map<String, String> takes = new LinkedHashMap<>();
    String kind = "";
    for (String row :
        Tree.read("docs/drill.md").split("\\| kind \\| takes \\|", 2)[1].lines().skip(2).toList()) {
      if (!row.startsWith("|")) {
        break;
      }
      String[] cells = row.split("\\|", -1);
      if (!cells[1].isBlank()) {
        kind = Tree.code(cells[1]).getFirst();
        takes.put(kind, cells[2].strip().replace(",", ""));
      }
      told.computeIfAbsent(kind, _ -> new ArrayList<>()).addAll(Tree.code(cells[3]));
    }
    Map<String, List<String>> own = new LinkedHashMap<>();
    for (Kind each : Kinds.all()) {
      own.put(each.word(), each.fieldNames().stream().filter(f -> !COMMON.contains(f)).toList());
    }
    assertThat(told).containsExactlyEntriesOf(own);
    assertThat(takes)
        .isEqualTo(
            KindFacts.all().stream().collect(Collectors.toMap(KindFacts::name, KindFacts::takes)));
  }

  @Test
  void eachIsDoneSeenAndEndedInFaults() throws IOException {
    String page = Tree.read("docs/faults.md");
    List<String> kinds = Kinds.all().stream().map(Kind::word).toList();
    for (String heading : List.of("## What each does", "## Who sees", "### What lasts")) {
      assertThat(
              Tree.firstCells(page, Pattern.compile("^" + heading)).stream()
                  .flatMap(cell -> Tree.code(cell).stream()))
          .as(heading)
          .containsAll(kinds);
    }
  }

  /** A page tells of a kind by its word, or by a drill that it runs. */
  @Test
  void eachHasAScenario() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var pages = Files.list(Tree.ROOT.resolve("docs/scenarios"))) {
      for (var page : pages.toList()) {
        String text = Files.readString(page);
        all.append(text);
        for (var drill : DRILL.matcher(text).results().map(MatchResult::group).toList()) {
          all.append(Tree.read(drill));
        }
      }
    }
    assertThat(Kinds.all()).extracting(Kind::word).allMatch(all.toString()::contains);
  }
}
