package dev.muster.cli;

import dev.muster.drill.Drill;
import dev.muster.drill.DrillFile;
import dev.muster.engine.Abort;
import dev.muster.engine.Console;
import dev.muster.engine.ExitCode;
import dev.muster.engine.Home;
import dev.muster.engine.Refusal;
import dev.muster.engine.RunFolder;
import dev.muster.engine.Site;
import dev.muster.engine.Wiring;
import dev.muster.report.Reports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    header = "Runs a drill and gives a verdict.",
    description = {
      "%nWithout a cluster the drill runs in the lab: a real Kubernetes on this machine, started for it and"
          + " taken down after it. With --context or --kubeconfig it runs on that cluster; power faults"
          + " then need the drill's 'power' commands.",
      "%nPhases: prepare, preflight, baseline, inject, observe, revert, recover, verify, audit, report."
          + " Ctrl-C undoes the fault first; a second Ctrl-C does not wait. After kill -9: muster cleanup.%n"
    })
final class RunCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DRILL", description = "The drill file, like drills/node-shutdown.yaml.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Mixin private final SiteOptions where = new SiteOptions();

  @Option(names = "--quiet", description = "Print the verdict and the report's path only.")
  private boolean quiet;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "text (default) or json: report.json on standard output, progress on standard error.")
  private Output output = Output.text;

  enum Output {
    text,
    json
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.isRegularFile(file)) {
      throw new Refusal(ExitCode.USAGE, file + ": no such drill file; the ready ones are in drills/");
    }
    Home home = Main.home();
    Drill drill = DrillFile.read(file);
    InstantSource clock = Clock.systemUTC();
    RunFolder folder = RunFolder.create(home.runs(), drill.metadata().name(), file, clock.instant());
    boolean terminal = System.console() != null && System.console().isTerminal();
    var stream = output == Output.json ? System.err : System.out;
    Abort abort = new Abort();
    Thread runner = Thread.currentThread();
    ExitCode[] ended = {ExitCode.INTERNAL};
    Thread hook = new Thread(() -> undoBeforeExit(abort, runner, ended), "undo-before-exit");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Console console = new Console(stream, terminal, quiet, clock).start()) {
      console.say("run " + folder.id());
      try (Prepared prepared = where.prepare(home, drill, console)) {
        Site site = prepared.site();
        folder.writeSite(site.reopen());
        new Wiring(drill, folder, site, prepared.helm(), home.dist(), console, abort, clock).run();
      }
      ended[0] = ExitCode.of(Reports.write(folder.path()).status());
    } finally {
      removeHook(hook);
    }
    tell(folder, stream);
    return ended[0].code();
  }

  private void tell(RunFolder folder, java.io.PrintStream stream) throws java.io.IOException {
    if (output == Output.json) {
      System.out.println(Files.readString(folder.path().resolve("report.json")));
      return;
    }
    stream.println(Reports.summary(folder.path()));
    stream.println("report: " + folder.path().resolve("report.html"));
  }

  /** Ctrl-C and TERM: ask for the end, wait until the fault is undone and judged, then leave. */
  private static void undoBeforeExit(Abort abort, Thread runner, ExitCode[] ended) {
    abort.request("interrupted by the user");
    try {
      runner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ended[0].code());
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the machine is shutting down already: the hook waits for this thread and halts
      Thread.currentThread().setName("undone");
    }
  }

  /** A site and what must be given back after the run. */
  interface Prepared extends AutoCloseable {
    Site site();

    @Nullable Path helm();

    @Override
    void close();
  }
}
