package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.expect.Expectation;
import dev.muster.drill.expect.Expectations;
import dev.muster.source.SourceTree;
import dev.muster.verdict.Checks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages for people tell of all that a drill can expect. */
class CheckPagesTest {

  @Test
  void theTableHasEachExpectation() throws IOException {
    List<String> told = new ArrayList<>();
    for (String row :
        Tree.read("docs/drill.md")
            .split("\\| entry \\| passes if \\|", 2)[1]
            .lines()
            .skip(2)
            .toList()) {
      if (!row.startsWith("|")) {
        break;
      }
      var entry = SourceTree.of("{" + Tree.code(row).getFirst() + "}", row).root();
      var found =
          Expectations.all().stream()
              .filter(each -> !entry.at("/" + each.name() + each.place()).isMissingNode())
              .map(CheckPagesTest::name)
              .toList();
      assertThat(found).as(row).hasSize(1);
      told.addAll(found);
    }
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            Expectations.all().stream().map(CheckPagesTest::name).toList());
  }

  /** A forgotten line would leave a check out of every verdict. */
  @Test
  void eachCheckHasItsLine() throws IOException {
    List<String> checks =
        Tree.sources().keySet().stream()
            .filter(file -> file.matches("core/.*/verdict/check/.*Check\\.java"))
            .map(file -> file.replaceAll(".*/|\\.java$", ""))
            .toList();
    assertThat(Checks.all())
        .extracting(check -> check.getClass().getSimpleName())
        .containsExactlyInAnyOrderElementsOf(checks);
  }

  private static String name(Expectation<?> expectation) {
    return expectation.name() + expectation.place();
  }
}
