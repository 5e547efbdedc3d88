package dev.muster.cli;

import dev.muster.cli.doctor.BundleOption;
import dev.muster.cli.doctor.LoadNeed;
import dev.muster.cli.terminal.Interrupt;
import dev.muster.cli.terminal.Output;
import dev.muster.cluster.select.TargetException;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillSource;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.engine.after.StopRequest;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.Unattended;
import dev.muster.engine.site.Site;
import dev.muster.engine.site.Sites;
import dev.muster.engine.wiring.DryRun;
import dev.muster.engine.wiring.Wiring;
import dev.muster.report.Reports;
import dev.muster.timeline.file.Journal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    header = "Runs a drill and gives a verdict.",
    description = {
      "%nWithout a cluster the drill runs in the lab: a real Kubernetes on this machine, started"
          + " for it and taken down after it. With --context or --kubeconfig it runs on that"
          + " cluster; power faults then need the drill's 'power' commands.",
      "%nPhases: prepare, preflight, settle, baseline, inject, observe, revert, recover, verify,"
          + " audit, report. Ctrl-C undoes the fault first. After kill -9: muster cleanup.",
      "%n  muster run drills/node-shutdown.yaml           in a lab on this machine",
      "  muster run mine.yaml --context NAME --dry-run  the plan, on your cluster",
      "  muster run mine.yaml --context NAME            the same, carried out",
      "  muster run drills/chaos-mesh/pod-kill.yaml     a file of Chaos Mesh",
      "%nReady drills are in drills/ and drills/chaos-mesh/ of Muster's source tree.%n"
    },
    footer = Main.EXIT_CODES)
final class RunCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "DRILL",
      description = "The drill file, like drills/node-shutdown.yaml; - is standard input.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Mixin private final SiteOptions where = new SiteOptions();

  @Mixin private final BundleOption bundle = new BundleOption();

  @Option(
      names = "--dry-run",
      description =
          "Print the plan, and where the cluster is there already the victims and what their loss"
              + " would mean; touch nothing. Refused is what a run would refuse.")
  private boolean dryRun;

  @Option(
      names = "--force",
      description =
          "Go on although preflight refuses (capacity, pods that are not ready); the report says"
              + " so, as a failure.")
  private boolean force;

  @Option(
      names = "--quiet",
      description =
          "Print the verdict and the report's path only; with --dry-run what would be refused.")
  private boolean quiet;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description =
          "text (default) or json: report.json, or the plan, on standard output, progress on"
              + " standard error.")
  private Output output = Output.text;

  @Override
  public Integer call() throws Exception {
    DrillSource source = DrillSource.of(file, System.in);
    Drill drill = source.drill();
    LoadNeed.check(source, drill, System.getenv());
    Home home = Main.home();
    Time time = RealTime.TIME;
    if (dryRun) {
      return plan(source, drill, home, time).code();
    }
    var stream = output == Output.json ? System.err : System.out;
    try (Console console = Main.console(stream, quiet);
        Sites sites = new Sites(home, console, bundle.stock(home, console))) {
      return run(source, drill, home, sites, console, time, stream).code();
    }
  }

  private ExitCode plan(DrillSource source, Drill drill, Home home, Time time) {
    // what is said on the way is no part of the plan
    try (Sites sites = new Sites(home, line -> System.err.println(line))) {
      DryRun told = DryRun.of(drill, where.there(sites, drill), time);
      if (output == Output.json) {
        System.out.println(new JsonMapper().writeValueAsString(told));
      } else {
        (quiet ? told.refused() : told.lines()).forEach(System.out::println);
      }
      return told.refusals().isEmpty() ? ExitCode.PASS : ExitCode.ENVIRONMENT;
    } catch (TargetException e) {
      throw new DrillException(
          List.of(source.problem(e.pointer(), String.valueOf(e.getMessage()))));
    }
  }

  private ExitCode run(
      DrillSource source,
      Drill drill,
      Home home,
      Sites sites,
      Console console,
      Time time,
      PrintStream stream)
      throws IOException, InterruptedException {
    Interrupt interrupt = Interrupt.listen(Unattended.of(drill));
    try {
      SiteOptions.Prepared prepared = where.prepare(sites, drill);
      try {
        return run(source, drill, home, prepared, console, interrupt.running(), time, stream);
      } finally {
        sites.giveBack(prepared.site().reopen());
      }
    } catch (TargetException e) {
      throw new DrillException(
          List.of(source.problem(e.pointer(), String.valueOf(e.getMessage()))));
    } finally {
      interrupt.over();
    }
  }

  private ExitCode run(
      DrillSource source,
      Drill drill,
      Home home,
      SiteOptions.Prepared prepared,
      Console console,
      Abort abort,
      Time time,
      PrintStream stream)
      throws IOException, InterruptedException {
    RunFolder folder =
        RunFolder.create(home.runs(), drill.metadata().name(), source.text(), time.instant());
    Site site = prepared.site();
    // the journal first: who holds it is alive, and what has a site and no journal was killed
    try (Journal journal = Journal.open(folder.path());
        StopRequest _ = StopRequest.watch(folder, abort, time)) {
      folder.writeSite(site.reopen());
      console.say("run " + folder.id());
      new Wiring(
              drill,
              folder,
              journal,
              site,
              prepared.helm(),
              home.dist(),
              home.drivers(),
              console,
              abort,
              time,
              force)
          .run();
    } catch (Refusal | TargetException e) {
      if (!folder.disturbed()) {
        folder.discard();
      } else { // the cluster was lost on the way: what was seen is still worth a report
        Reports.write(folder.path());
        tell(folder, stream);
      }
      throw e;
    }
    ExitCode code = ExitCode.of(Reports.write(folder.path()).status());
    tell(folder, stream);
    return code;
  }

  private void tell(RunFolder folder, PrintStream stream) throws IOException {
    if (output == Output.json) {
      System.out.println(Files.readString(folder.path().resolve("report.json")));
      return;
    }
    String summary = Reports.summary(folder.path());
    stream.println(quiet ? summary.substring(summary.lastIndexOf('\n') + 1) : summary);
    stream.println("report: " + Reports.best(folder.path()));
  }
}
