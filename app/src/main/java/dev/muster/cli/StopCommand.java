package dev.muster.cli;

import dev.muster.drill.time.RealTime;
import dev.muster.engine.after.RunFate;
import dev.muster.engine.after.StopRequest;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.RunFolder;
import dev.muster.report.Reports;
import dev.muster.report.RunsFolder;
import dev.muster.timeline.file.Journal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    header =
        "Ends a run that is going on: its faults are undone and looked after, then it is judged.",
    description = {
      "%nThe run itself does it, as on Ctrl-C; this command waits until it has. A node that nothing can reach is"
          + " given back by its own clock, at the fault's duration or ttl. Exit code 0 if every fault is undone,"
          + " 1 if one is not, 2 if the run did not end in time.%n"
    })
final class StopCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration LOOK = Duration.ofMillis(500);

  @Parameters(
      paramLabel = "RUN",
      arity = "0..1",
      defaultValue = "latest",
      description = "The run's id (muster runs); default: ${DEFAULT-VALUE}.")
  private String run = "latest";

  @Override
  public Integer call() throws InterruptedException {
    Home home = Main.home();
    RunFolder folder = new RunFolder(RunsFolder.find(home.runs(), run));
    if (!Journal.inUse(folder.path())) {
      return tell(folder, RunFate.of(folder));
    }
    StopRequest.make(folder);
    System.out.println("asked run " + folder.id() + " to end; waiting until its faults are undone");
    long deadline = RealTime.TIME.nanos() + PATIENCE.toNanos();
    while (Journal.inUse(folder.path())) {
      if (RealTime.TIME.nanos() > deadline) {
        System.out.println("it has not ended within " + PATIENCE.toMinutes() + " minutes");
        return ExitCode.INCONCLUSIVE.code();
      }
      RealTime.TIME.sleep(LOOK);
    }
    System.out.println("report: " + Reports.best(folder.path()));
    return tell(folder, RunFate.of(folder));
  }

  /** What became of a run that nobody carries on any more. */
  private static int tell(RunFolder folder, RunFate fate) {
    boolean undone = fate.pending().isEmpty();
    StringBuilder text = new StringBuilder("run " + folder.id());
    text.append(fate.killed() ? " was killed" : " has ended");
    text.append(undone ? ", every fault is undone" : ", not undone: " + fate.faults());
    if (fate.killed() || !undone) {
      text.append("; finish it: muster resume ").append(folder.id());
    }
    System.out.println(text);
    return (undone ? ExitCode.PASS : ExitCode.FAIL).code();
  }
}
