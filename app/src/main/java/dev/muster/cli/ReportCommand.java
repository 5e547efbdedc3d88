package dev.muster.cli;

import dev.muster.cli.terminal.Output;
import dev.muster.engine.home.ExitCode;
import dev.muster.report.Reports;
import dev.muster.report.RunsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    header = "Judges a run again and writes its reports anew, from its folder alone.",
    description = {
      "%nThe folder holds drill.yaml, timeline.jsonl and ledger.jsonl.gz; it may come from another machine."
          + " Written into it: report.json, report.html, report.zh.html, report.md, junit.xml.",
      "%nExit code: the verdict's, 0 pass, 1 fail, 2 inconclusive.%n"
    })
final class ReportCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "latest",
      description =
          "A run's id or a part of it (muster runs), or a folder; default: ${DEFAULT-VALUE}.")
  private String run = "latest";

  @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
  private Output output = Output.text;

  @Override
  public Integer call() throws IOException {
    Path folder = RunsFolder.find(Main.home().runs(), run);
    var verdict = Reports.write(folder);
    if (output == Output.json) {
      System.out.println(Files.readString(folder.resolve("report.json")));
    } else {
      System.out.println(Reports.summary(folder));
      System.out.println("report: " + Reports.best(folder));
    }
    return ExitCode.of(verdict.status()).code();
  }
}
