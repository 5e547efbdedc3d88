package dev.muster.cli;

import dev.muster.drill.port.Progress;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.after.Undo;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.site.Sites;
import dev.muster.report.Reports;
import dev.muster.report.RunsFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    header =
        "Finishes a run that was killed: undoes its fault, looks for leftovers, writes its report.",
    description = {
      "%nThe load of a killed run is lost, so its verdict can not be pass. Exit code: the verdict's, or 69 if"
          + " the fault could not be undone.%n"
    })
final class ResumeCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "latest",
      description = "The run's id (muster runs); default: ${DEFAULT-VALUE}.")
  private String run = "latest";

  @Override
  public Integer call() {
    Home home = Main.home();
    Progress progress = System.out::println;
    RunFolder folder = new RunFolder(RunsFolder.find(home.runs(), run));
    boolean undone = true;
    if (Undo.unfinished(folder)) {
      try (Sites sites = new Sites(home, progress)) {
        undone = new Undo(sites, progress, RealTime.TIME).finish(folder);
      }
    } else {
      progress.say(
          "nothing to finish: the run ended, and its journal says that its faults were undone;"
              + " 'muster cleanup' looks");
    }
    var verdict = Reports.write(folder.path());
    System.out.println(Reports.summary(folder.path()));
    System.out.println("report: " + Reports.best(folder.path()));
    return undone ? ExitCode.of(verdict.status()).code() : ExitCode.ENVIRONMENT.code();
  }
}
