package dev.muster.cli.drill;

import dev.muster.cli.terminal.Output;
import dev.muster.drill.guide.KindFacts;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "kinds",
    mixinStandardHelpOptions = true,
    header = "Lists the kinds of faults: what each does, to whom, and whether it needs an agent.",
    description = "%n'muster explain KIND' shows the fields of one.%n")
public final class KindsCommand implements Callable<Integer> {

  @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
  private Output output = Output.text;

  @Override
  public Integer call() {
    List<KindFacts> kinds = KindFacts.all();
    if (output == Output.json) {
      System.out.println(new JsonMapper().writeValueAsString(kinds));
      return 0;
    }
    System.out.printf("%-14s %-13s %-6s %s%n", "KIND", "TAKES", "AGENT", "WHAT IT DOES");
    kinds.forEach(k ->
        System.out.printf(
            "%-14s %-13s %-6s %s%n", k.name(), k.takes(), k.agent() ? "yes" : "no", k.meaning()));
    return 0;
  }
}
