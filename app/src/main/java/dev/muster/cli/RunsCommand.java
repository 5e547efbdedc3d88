package dev.muster.cli;

import dev.muster.report.Reports;
import dev.muster.report.RunsFolder;
import dev.muster.report.RunsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    header = "Lists the runs with their verdicts, the newest first, or shows one.",
    description = {
      "%n  muster runs                  all of them",
      "  muster runs show latest      findings, phases and requests of one",
      "  muster runs table            a row each: milestones, interruption, verdict%n"
    })
final class RunsCommand implements Callable<Integer> {

  @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
  private Output output = Output.text;

  @Override
  public Integer call() {
    List<RunsFolder.Entry> runs = RunsFolder.list(Main.home().runs());
    if (output == Output.json) {
      System.out.println(new JsonMapper().writeValueAsString(runs));
    } else if (runs.isEmpty()) {
      System.out.println("no runs yet; the first: muster run drills/node-shutdown.yaml");
    } else {
      runs.forEach(r -> System.out.printf("%-24s %s%n", r.verdict(), r.id()));
    }
    return 0;
  }

  @Command(
      name = "table",
      mixinStandardHelpOptions = true,
      header = "Prints the newest run of each drill as a row of a Markdown table.")
  int table() {
    RunsTable.of(Main.home().runs()).forEach(System.out::println);
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      header = "Shows findings, phases and requests of a run.")
  int show(
      @Parameters(
              paramLabel = "RUN",
              description = "A run's id or a part of it, 'latest', or a folder.")
          String run,
      @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Output format)
      throws IOException {
    Path folder = RunsFolder.find(Main.home().runs(), run);
    if (format == Output.json) {
      System.out.println(Files.readString(Reports.json(folder)));
      return 0;
    }
    System.out.println(Reports.summary(folder));
    System.out.println("folder: " + folder);
    return 0;
  }
}
