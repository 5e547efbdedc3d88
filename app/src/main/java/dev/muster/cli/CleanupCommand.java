package dev.muster.cli;

import dev.muster.cluster.AgentPods;
import dev.muster.cluster.ClusterException;
import dev.muster.drill.DrillException;
import dev.muster.drill.Progress;
import dev.muster.drill.Time;
import dev.muster.engine.ClusterCleanup;
import dev.muster.engine.ExitCode;
import dev.muster.engine.Home;
import dev.muster.engine.Refusal;
import dev.muster.engine.RunFolder;
import dev.muster.engine.Sites;
import dev.muster.engine.Undo;
import dev.muster.lab.Lab;
import dev.muster.lab.LabException;
import dev.muster.timeline.Journal;
import dev.muster.timeline.JournalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "cleanup",
    mixinStandardHelpOptions = true,
    header =
        "Undoes whatever killed runs left: nodes that are off, labs that were started for them.",
    description = {
      "%nReads the journals of all runs, undoes every fault that was armed and not undone, and takes down labs"
          + " whose start was cut short or that were started for a run that was killed. A run that is still going on"
          + " is left alone. Exit code 0 if everything is clean, 1 if something could not be looked at or undone.",
      "%nWith --kubeconfig or --context, that cluster is searched instead, whoever ran drills there: on each node an"
          + " agent looks for chains, qdiscs, cgroups, undo processes and folders of faults, and in the cluster for"
          + " namespaces, pods, jobs, NetworkPolicies, labels and the lease. A drill that is going on is not touched.%n"
    })
final class CleanupCommand implements Callable<Integer> {

  @Option(names = "--dry-run", description = "Only say what would be undone.")
  private boolean dryRun;

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Search this cluster.")
  private @Nullable Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "Search this context's cluster.")
  private @Nullable String context;

  @Option(
      names = "--agent-image",
      paramLabel = "IMAGE",
      description = "The agent's image, where that cluster does not have the lab's.")
  private String image = AgentPods.IMAGE;

  @Override
  public Integer call() throws InterruptedException {
    Home home = Main.home();
    Progress progress = System.out::println;
    if (kubeconfig != null || context != null) {
      Path config = SiteOptions.kubeconfig(kubeconfig, context);
      boolean clean =
          new ClusterCleanup(config, context, image, progress, Time.REAL).run(dryRun);
      return (clean ? ExitCode.PASS : ExitCode.FAIL).code();
    }
    List<RunFolder> unreadable = new ArrayList<>();
    List<RunFolder> runs = unfinished(home.runs(), unreadable, progress);
    boolean clean = unreadable.isEmpty();
    try (Sites sites = new Sites(home, progress)) {
      for (RunFolder run : runs) {
        progress.say((dryRun ? "would finish run " : "finishing run ") + run.id());
        clean &= dryRun || finish(new Undo(sites, progress, Time.REAL), run, progress);
      }
    }
    List<String> labs =
        Lab.names(home.labs()).stream().filter(n -> Lab.cutShort(home.labs(), n)).toList();
    for (String lab : labs) {
      progress.say((dryRun ? "would take down lab " : "taking down lab ") + lab);
      if (!dryRun) {
        Lab.down(home.labs(), lab);
      }
    }
    if (runs.isEmpty() && labs.isEmpty() && clean) {
      progress.say("nothing to clean up");
    }
    return (clean ? ExitCode.PASS : ExitCode.FAIL).code();
  }

  private static boolean finish(Undo undo, RunFolder run, Progress progress) {
    try {
      boolean clean = undo.finish(run);
      progress.say(
          run.id()
              + (clean
                  ? ": every fault is undone; its report: muster report "
                  : ": not clean; once more: muster resume ")
              + run.id());
      return clean;
    } catch (Refusal | DrillException | ClusterException | LabException e) {
      progress.say(run.id() + ": " + e.getMessage());
      return false;
    }
  }

  /** A run that can not be read must not keep the others from being finished. */
  private static boolean unfinished(RunFolder run, List<RunFolder> unreadable, Progress progress) {
    try {
      if (!Undo.unfinished(run)) {
        return false;
      }
      if (Journal.inUse(run.path())) {
        progress.say(run.id() + " is still going on: left alone");
        return false;
      }
      return true;
    } catch (JournalException e) {
      progress.say(run.id() + ": " + e.getMessage());
      unreadable.add(run);
      return false;
    }
  }

  private static List<RunFolder> unfinished(
      Path runs, List<RunFolder> unreadable, Progress progress) {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(Files::isDirectory)
          .sorted()
          .map(RunFolder::new)
          .filter(run -> unfinished(run, unreadable, progress))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
