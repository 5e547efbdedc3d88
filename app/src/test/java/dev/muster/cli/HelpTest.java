package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What {@code --help} shows. */
class HelpTest {
  static Stream<CommandLine> commands() {
    return with(Main.line());
  }

  private static Stream<CommandLine> with(CommandLine line) {
    Stream<CommandLine> below = line.getSubcommands().values().stream().flatMap(HelpTest::with);
    return Stream.concat(Stream.of(line), below);
  }

  private static String help(String command) {
    CommandLine line = Objects.requireNonNull(Main.line().getSubcommands().get(command));
    return line.getUsageMessage(Ansi.OFF);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void examplesStandOnOneLineAndWordsHaveNames(CommandLine line) {
    String help = line.getUsageMessage(Ansi.OFF);
    assertThat(help).doesNotContain("<arg");
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    Stream.of(usage.description(), usage.footer())
        .flatMap(Stream::of)
        .flatMap(text -> String.format(text).lines())
        .filter(text -> text.startsWith("  muster"))
        .forEach(example -> assertThat(help.lines().toList()).contains(example));
  }

  @Test
  void runShowsExamplesTheReadyDrillsAndTheExitCodes() {
    assertThat(help("run"))
        .contains("  muster run drills/node-shutdown.yaml", "drills/chaos-mesh/pod-kill.yaml")
        .contains("Ready drills are in drills/", "Exit codes: 0 pass, 1 fail, 2 inconclusive, 64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop", "report", "resume"})
  void theNewestRunNeedsNoName(String command) {
    assertThat(help(command)).contains("[RUN]", "default: latest");
    Ended ended = Ended.of(command);
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("there are no runs");
  }

  @Test
  void aLabIsNamedAsForRun() {
    for (List<String> command :
        List.of(List.of("lab", "status"), List.of("lab", "kubectl"), List.of("images", "load"))) {
      var words = Stream.concat(command.stream(), Stream.of("--lab", "none"));
      Ended ended = Ended.of(words.toArray(String[]::new));
      assertThat(ended.exit()).as(command.toString()).isEqualTo(64);
      assertThat(ended.errors()).contains("no lab none is up");
    }
  }
}
