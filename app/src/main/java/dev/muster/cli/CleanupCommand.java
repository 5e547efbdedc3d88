package dev.muster.cli;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.run.AgentPods;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.port.Power;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.after.ClusterCleanup;
import dev.muster.engine.after.DrilledCluster;
import dev.muster.engine.after.Undo;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.site.Sites;
import dev.muster.lab.Lab;
import dev.muster.lab.host.LabException;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "cleanup",
    mixinStandardHelpOptions = true,
    header =
        "Undoes whatever runs left: faults on nodes, nodes that are off, objects, labs that were"
            + " started for them.",
    description = {
      "%nFinishes the runs that were killed. Then looks at every cluster in which a run of this"
          + " machine took place, whatever its journal says: the power of each node that a run"
          + " switched off is asked; on each node an agent looks for chains, qdiscs, cgroups, undo"
          + " processes and folders of faults, if a run had something done there; in the cluster"
          + " namespaces, pods, jobs, NetworkPolicies and labels are looked for. Takes down labs"
          + " whose start was cut short or that were started for a run that was killed. A drill"
          + " that is going on is not touched.",
      "%nWith --kubeconfig or --context, that cluster is searched instead, whoever ran drills"
          + " there.",
      "%nExit code 0: nothing is left, whether something was found or not. 69: something is left,"
          + " or something could not be looked at; with --dry-run also where something was found.%n"
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
    boolean clean =
        (kubeconfig != null || context != null) ? given(home, progress) : all(home, progress);
    return (clean ? ExitCode.PASS : ExitCode.ENVIRONMENT).code();
  }

  private boolean given(Home home, Progress progress) throws InterruptedException {
    Path config = SiteOptions.kubeconfig(kubeconfig, context);
    List<String> unreadable = new ArrayList<>();
    Map<String, Power> switched = new TreeMap<>();
    try (Sites sites = new Sites(home, progress)) {
      DrilledCluster.of(
              still(home.runs(), unreadable, progress), sites, (run, _) -> unreadable.add(run.id()))
          .stream()
          .filter(c -> c.site().kubeconfig().equals(config.toAbsolutePath()))
          .filter(c -> Objects.equals(c.site().context(), context))
          .forEach(c -> switched.putAll(c.switched()));
    }
    return new ClusterCleanup(config, context, image, true, switched, progress, RealTime.TIME)
        .run(dryRun);
  }

  private boolean all(Home home, Progress progress) throws InterruptedException {
    List<String> unreadable = new ArrayList<>();
    List<RunFolder> runs = still(home.runs(), unreadable, progress);
    boolean clean = true;
    List<DrilledCluster> clusters;
    try (Sites sites = new Sites(home, progress)) {
      for (RunFolder run : runs.stream().filter(Undo::unfinished).toList()) {
        progress.say((dryRun ? "would finish run " : "finishing run ") + run.id());
        clean &= !dryRun && finish(new Undo(sites, progress, RealTime.TIME), run, progress);
      }
      clusters =
          DrilledCluster.of(
              runs,
              sites,
              (run, why) -> {
                progress.say(run.id() + ": " + why);
                unreadable.add(run.id());
              });
    }
    for (DrilledCluster cluster : clusters) {
      clean &= search(cluster, progress);
    }
    List<String> labs =
        Lab.names(home.labs()).stream().filter(n -> Lab.cutShort(home.labs(), n)).toList();
    for (String lab : labs) {
      progress.say((dryRun ? "would take down lab " : "taking down lab ") + lab);
      if (!dryRun) {
        Lab.down(home.labs(), lab);
      }
    }
    clean &= unreadable.isEmpty() && (!dryRun || labs.isEmpty());
    if (clean && clusters.isEmpty() && labs.isEmpty()) {
      progress.say("nothing to clean up: no cluster of a run is there any more");
    }
    return clean;
  }

  private boolean search(DrilledCluster cluster, Progress progress) throws InterruptedException {
    Progress named = text -> progress.say(cluster.name() + ": " + text);
    try {
      return new ClusterCleanup(
              cluster.site().kubeconfig(),
              cluster.site().context(),
              cluster.image(),
              cluster.onNodes(),
              cluster.switched(),
              named,
              RealTime.TIME)
          .run(dryRun);
    } catch (Refusal | ClusterException | KubernetesClientException e) {
      named.say("could not be looked at: " + e.getMessage());
      named.say(
          "if it is gone for good, move the folders of its runs elsewhere: "
              + cluster.runs().stream()
                  .map(run -> run.path().toString())
                  .collect(Collectors.joining(" ")));
      return false;
    }
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

  /** A run that cannot be read must not keep the others from being finished. */
  private static boolean readable(RunFolder run, List<String> unreadable, Progress progress) {
    try {
      Undo.unfinished(run);
      if (Journal.inUse(run.path())) {
        progress.say(run.id() + " is still going on: left alone");
        return false;
      }
      return true;
    } catch (JournalException e) {
      progress.say(run.id() + ": " + e.getMessage());
      unreadable.add(run.id());
      return false;
    }
  }

  /** All that nobody carries on. */
  private static List<RunFolder> still(Path runs, List<String> unreadable, Progress progress) {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(Files::isDirectory)
          .sorted()
          .map(RunFolder::new)
          .filter(run -> readable(run, unreadable, progress))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
