package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class ManPagesTest {
  private static final Set<String> MACROS = Set.of(".TH", ".SH", ".TP", ".BR", ".PP", ".nf", ".fi");

  static Stream<CommandLine> commands() {
    return HelpTest.commands();
  }

  private static String page(String name) {
    return Objects.requireNonNull(ManPages.of(Main.line()).get(name), name);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandHasAPageThatTellsEachOfItsOptionsAndArguments(CommandLine line) {
    String page = page(line.getCommandSpec().qualifiedName("-"));
    line.getCommandSpec().options().stream()
        .filter(option -> !option.hidden())
        .forEach(option -> {
          for (String name : option.names()) {
            assertThat(page).contains("\\fB" + ManPages.escaped(name) + "\\fR");
          }
        });
    line.getCommandSpec().positionalParameters().stream()
        .filter(parameter -> !parameter.hidden())
        .forEach(parameter ->
            assertThat(page).contains("\\fI" + ManPages.escaped(parameter.paramLabel()) + "\\fR"));
    // what only the library understands
    assertThat(page).doesNotContain("${").doesNotContain("%n").doesNotContain("@|");
  }

  @Test
  void nothingIsTakenForAMacroThatIsNone() {
    Map<String, String> pages = ManPages.of(Main.line());
    assertThat(pages).hasSizeGreaterThan(20);
    pages.forEach((name, page) -> {
      assertThat(page).as(name).startsWith(".TH ").matches("[\\n -~]+");
      page.lines()
          .filter(text -> text.startsWith(".") || text.startsWith("'"))
          .forEach(text -> assertThat(MACROS).contains(text.split(" ", 2)[0]));
    });
  }

  @Test
  void examplesStandAsTheyAreAndProseIsBrokenByTheReader() {
    assertThat(page("muster"))
        .contains(".nf\n  muster run drills/node\\-shutdown.yaml     a drill in a lab")
        .contains(".SH EXIT STATUS\n.PP\nExit codes: 0 pass, 1 fail, 2 inconclusive")
        .contains(".TP\n.BR muster\\-lab (1)\nA real Kubernetes on this machine.\n");
    assertThat(page("muster-lab-up")).contains(".SH SEE ALSO\n.BR muster\\-lab (1)\n");
    assertThat(ManPages.escaped(".a'b-c\\d…")).isEqualTo("\\&.a\\(aqb\\-c\\ed\\[u2026]");
  }
}
