package dev.muster.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    header = "Prints what makes a shell complete Muster's commands and options.",
    description = {
      "%n  source <(muster completion bash)      in bash, for instance in ~/.bashrc",
      "  source <(muster completion zsh)       in zsh",
      "  muster completion fish | source       in fish%n"
    })
final class CompletionCommand implements Callable<Integer> {

  enum Shell {
    bash,
    zsh,
    fish
  }

  /**
   * zsh takes bash's text, which says how. A file among zsh's functions it reads as the body of one
   * when it is first asked to complete: then that is done at once, and the alias for what only bash
   * has comes too late for what was read with it.
   */
  private static final String ZSH =
      """

      if [ "${funcstack[1]:-}" = _muster ]; then
        function compopt() { :; }
        _bash_complete -o default -F _complete_muster
      fi
      """;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine muster = spec.parent().commandLine();
    System.out.println(
        switch (shell) {
          case bash -> AutoComplete.bash("muster", muster);
          case zsh ->
              "#compdef muster kubectl-muster\n" + AutoComplete.bash("muster", muster) + ZSH;
          case fish -> String.join("\n", fish(muster));
        });
    return 0;
  }

  /** The library knows no fish: a line for each command and each option. */
  private static List<String> fish(CommandLine muster) {
    return muster.getSubcommands().entrySet().stream()
        .flatMap(command -> fish(command.getKey(), command.getValue()))
        .toList();
  }

  private static Stream<String> fish(String name, CommandLine command) {
    String seen = "complete -c muster -n '__fish_seen_subcommand_from " + name + "'";
    Map<String, CommandLine> below = command.getSubcommands();
    Stream<String> options =
        command.getCommandSpec().options().stream()
            .filter(option -> !option.hidden())
            .map(option ->
                seen
                    + (option.arity().max() > 0 ? " -r" : "")
                    + Arrays.stream(option.names())
                        .map(n ->
                            n.startsWith("--") ? " -l " + n.substring(2) : " -s " + n.substring(1))
                        .reduce("", String::concat)
                    + meaning(option.description()));
    Stream<String> words =
        below.entrySet().stream()
            .map(e ->
                seen
                    + " -f -a "
                    + e.getKey()
                    + meaning(e.getValue().getCommandSpec().usageMessage().header()));
    String itself =
        "complete -c muster -n __fish_use_subcommand -f -a "
            + name
            + meaning(command.getCommandSpec().usageMessage().header());
    return Stream.of(Stream.of(itself), words, options).flatMap(lines -> lines);
  }

  private static String meaning(String... texts) {
    String text = String.format(String.join(" ", texts)).lines().findFirst().orElse("");
    return text.isEmpty() ? "" : " -d '" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
