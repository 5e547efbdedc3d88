package dev.muster.engine.after;

import dev.muster.cluster.run.AgentPods;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.drill.port.Power;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.site.Site;
import dev.muster.engine.site.Sites;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.JournalException;
import dev.muster.timeline.file.TimelineFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A cluster that is still there, in which runs of this machine took place.
 *
 * @param name for people
 * @param image of the agent, as the newest run has it
 * @param onNodes whether some run had something done on nodes or pods
 * @param switched nodes that runs switched off, with the power by which they did
 * @param runs their folders, oldest first
 */
public record DrilledCluster(
    Site site,
    String name,
    String image,
    boolean onNodes,
    Map<String, Power> switched,
    List<RunFolder> runs) {

  /**
   * Each cluster once. A lab that is down is none: nothing is left of it.
   *
   * @param unreadable told of a run that cannot be read, and why
   */
  public static List<DrilledCluster> of(
      List<RunFolder> runs, Sites sites, BiConsumer<RunFolder, String> unreadable) {
    Map<String, DrilledCluster> clusters = new LinkedHashMap<>();
    for (RunFolder run : runs) {
      try {
        Map<String, String> reopen = run.readSite();
        if (reopen.isEmpty() && !run.disturbed()) {
          continue; // it was refused before anything was touched
        }
        if (!Sites.known(reopen)) {
          unreadable.accept(
              run,
              run.path()
                  + "/site.properties does not say any more which cluster it disturbed: look there"
                  + " with --context NAME or --kubeconfig FILE");
          continue;
        }
        Drill drill = DrillFile.readKept(run.drill());
        Site site = sites.again(reopen, drill);
        if (site != null) {
          clusters.merge(Sites.place(reopen), of(run, drill, site), DrilledCluster::and);
        }
      } catch (DrillException | JournalException e) {
        unreadable.accept(run, String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(clusters.values());
  }

  private static DrilledCluster of(RunFolder run, Drill drill, Site site) {
    Map<String, Power> switched = new TreeMap<>();
    Power power = site.power();
    if (power != null && Files.isRegularFile(run.timeline())) {
      for (Event event : TimelineFile.read(run.path()).events()) {
        if (event instanceof Event.FaultArmed armed && Kinds.is(armed.kind(), Trait.CUTS_POWER)) {
          switched.put(armed.victim().name(), power);
        }
      }
    }
    return new DrilledCluster(
        site,
        Sites.place(site.reopen()),
        AgentPods.image(drill),
        Audits.throughAgents(drill),
        switched,
        List.of(run));
  }

  /** What a later run used is likelier to work still. */
  private DrilledCluster and(DrilledCluster later) {
    Map<String, Power> all = new TreeMap<>(switched);
    all.putAll(later.switched);
    List<RunFolder> both = new ArrayList<>(runs);
    both.addAll(later.runs);
    return new DrilledCluster(
        later.site,
        name,
        later.onNodes || !onNodes ? later.image : image,
        onNodes || later.onNodes,
        all,
        List.copyOf(both));
  }
}
