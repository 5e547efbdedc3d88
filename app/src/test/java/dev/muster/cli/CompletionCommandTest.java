package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CompletionCommandTest {
  @TempDir Path folder;

  /** What bash offers after these words, the last of which is begun. */
  private String offered(String... words) throws Exception {
    Path script =
        Files.writeString(folder.resolve("completion"), Ended.of("completion", "bash").output());
    String ask =
        "source \"$0\"; COMP_WORDS=(muster \"$@\"); COMP_CWORD=$#; _complete_muster; echo"
            + " \"${COMPREPLY[@]}\"";
    var command =
        new java.util.ArrayList<>(java.util.List.of("bash", "--norc", "-c", ask, "" + script));
    command.addAll(java.util.List.of(words));
    Process bash =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    assertThat(offered("ki")).isEqualTo("kinds");
    assertThat(offered("lab", "u")).isEqualTo("up");
    assertThat(offered("run", "--dry")).isEqualTo("--dry-run");
  }

  /** The first line is how zsh finds a file among its functions, the last completes at once. */
  @Test
  void zshTakesTheSameWhenItIsReadAndAsAFunctionOfItsOwn() {
    assertThat(Ended.of("completion", "zsh").output())
        .startsWith("#compdef muster kubectl-muster\n#!/usr/bin/env bash\n")
        .contains("bashcompinit", "function _complete_muster() {")
        .contains("_bash_complete -o default -F _complete_muster\n");
  }

  @Test
  void fishIsToldEachCommandAndOption() {
    String text = Ended.of("completion", "fish").output();
    for (String command : Main.line().getSubcommands().keySet()) {
      assertThat(text).contains("-n __fish_use_subcommand -f -a " + command + " -d '");
    }
    CommandLine run = Objects.requireNonNull(Main.line().getSubcommands().get("run"));
    run.getCommandSpec()
        .optionsMap()
        .keySet()
        .forEach(name ->
            assertThat(text).contains(name.replaceFirst("^--", " -l ").replaceFirst("^-", " -s ")));
    assertThat(text)
        .contains("-n '__fish_seen_subcommand_from lab' -f -a up -d '")
        .contains(
            "__fish_seen_subcommand_from run' -r -l context -d 'Run on this context\\'s cluster.'");
    assertThat(text).doesNotContain("${");
    assertThat(text.lines()).allSatisfy(line -> assertThat(line).startsWith("complete -c muster "));
  }

  @Test
  void anotherShellIsRefused() {
    Ended ended = Ended.of("completion", "csh");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("csh", "bash");
  }
}
