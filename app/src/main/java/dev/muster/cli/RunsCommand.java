package dev.muster.cli;

import dev.muster.cli.terminal.Output;
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
    header =
        "Lists the runs with verdict, date, duration and key figures, the newest first, or shows"
            + " one.",
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
      int widest = runs.stream().mapToInt(r -> r.verdict().length()).max().orElse(0);
      String row = "%-" + Math.max(widest, "VERDICT".length()) + "s  %-16s  %8s  %11s  %-14s  %s%n";
      System.out.printf(row, "VERDICT", "STARTED (UTC)", "DURATION", "INTERRUPTED", "LOST", "RUN");
      runs.forEach(r ->
          System.out.printf(
              row,
              r.verdict(),
              date(r.started()),
              duration(r.seconds()),
              r.interrupted().matches("[0-9.]+") ? r.interrupted() + " s" : r.interrupted(),
              r.lost(),
              r.id()));
    }
    return 0;
  }

  private static String date(String instant) {
    return instant.length() < 16 ? "" : instant.substring(0, 16).replace('T', ' ');
  }

  private static String duration(@Nullable Double seconds) {
    if (seconds == null) {
      return "";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d:%02d".formatted(whole / 60, whole % 60)
        : "%d:%02d:%02d".formatted(whole / 3600, whole / 60 % 60, whole % 60);
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
