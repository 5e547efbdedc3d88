package dev.muster.engine.after;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.fault.Cordon;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.DrillLease;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.Time;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.run.Ports;
import dev.muster.engine.run.RunState;
import dev.muster.engine.site.Site;
import dev.muster.engine.site.Sites;
import dev.muster.fault.Course;
import dev.muster.observe.effect.NodeSilent;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import dev.muster.timeline.file.Seal;
import dev.muster.timeline.file.TimelineFile;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finishes what a run that was killed could not: its faults are undone from the journal, what is
 * left is looked for, and the timeline gets its end.
 */
public final class Undo {
  private final Sites sites;
  private final Progress progress;
  private final Time time;

  public Undo(Sites sites, Progress progress, Time time) {
    this.sites = sites;
    this.progress = progress;
    this.time = time;
  }

  /** Whether the run was stopped before its end, or left a fault. */
  public static boolean unfinished(RunFolder run) {
    if (!Files.isRegularFile(run.timeline())) {
      return !run.readSite().isEmpty();
    }
    List<Event> events = TimelineFile.read(run.path()).events();
    return events.stream().noneMatch(e -> e instanceof Event.RunEnded)
        || !pending(events).isEmpty();
  }

  /** Faults that were armed and of which nothing says that they were undone. */
  public static List<Event.FaultArmed> pending(List<Event> events) {
    Map<String, Event.FaultArmed> armed = new LinkedHashMap<>();
    for (Event event : events) {
      switch (event) {
        case Event.FaultArmed e -> armed.put(e.fault(), e);
        case Event.FaultReverted e -> armed.remove(e.fault());
        default -> {
          // says nothing about a fault's end
        }
      }
    }
    return List.copyOf(armed.values());
  }

  /**
   * Undoes; true if every fault is known to be undone.
   *
   * @throws Refusal if the run is still going on
   */
  public boolean finish(RunFolder run) {
    Drill drill = DrillFile.readKept(run.drill());
    try (Journal journal = Journal.open(run.path())) {
      List<Event> events = TimelineFile.read(run.path()).events();
      boolean undone = true;
      boolean looked = true;
      Site site = sites.again(run.readSite(), drill);
      if (site == null) {
        progress.say("the cluster of " + run.id() + " is gone, and its faults with it");
        for (Event.FaultArmed fault : pending(events)) {
          journal.append(
              new Event.FaultReverted(now(), fault.fault(), Map.of("cluster", "is gone")));
        }
      } else {
        try {
          undone = undo(run, site, drill, pending(events), journal);
        } catch (ClusterException e) {
          progress.say(
              e.getMessage()
                  + "; if that cluster is gone for good, move this folder elsewhere: "
                  + run.path());
          looked = false;
        } catch (KubernetesClientException e) {
          progress.say("the cluster did not do as asked: " + ApiErrors.why(e));
          looked = false;
        }
      }
      sites.giveBack(run.readSite());
      if (looked && events.stream().noneMatch(e -> e instanceof Event.RunEnded)) {
        journal.append(new Event.RunAborted(now(), "Muster was killed; finished by a later one"));
        journal.append(new Event.RunEnded(now(), Seal.of(run.path())));
      }
      return undone && looked;
    } catch (JournalException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()));
    }
  }

  private boolean undo(
      RunFolder run, Site site, Drill drill, List<Event.FaultArmed> faults, Journal journal) {
    try (KubernetesClient client = Connection.open(site.kubeconfig(), site.context());
        KubernetesClient probe = Connection.probe(site.kubeconfig(), site.context());
        RunNamespace namespace = new RunNamespace(client, run.id(), AgentPods.image(drill), time)) {
      boolean undone = true;
      for (Event.FaultArmed fault : faults) {
        if (Kinds.is(fault.kind(), Trait.CUTS_POWER)) {
          undone &= power(site, probe, fault, journal);
        } else if (Kinds.is(fault.kind(), Trait.BY_POD)) {
          progress.say("undoing " + fault.kind() + " of " + fault.victim());
          undone &= new GrayUndo(probe, time, journal::append).undo(fault);
        }
      }
      AgentPods pods = new AgentPods(client, probe, namespace);
      progress.say("looking for what is left");
      Set<String> disturbed = RunState.of(TimelineFile.read(run.path()).events()).nodes();
      Ports.Audit audit =
          new Audits(client, site.power(), drill, pods, run.id(), time)
              .look("clean", disturbed, Set.of());
      audit.residue().forEach(r -> progress.say("left: " + r));
      audit.notLookedAt().forEach(n -> progress.say("could not be looked at: " + n));
      DrillLease.release(client, run.id());
      journal.append(
          new Event.ResidueAudited(
              now(), audit.residue(), audit.notLookedAt(), audit.passedOver()));
      boolean others = others(client, faults, audit, journal);
      return undone && others;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Faults that agents and the API carried are undone when nothing of them was found anywhere. */
  private boolean others(
      KubernetesClient client, List<Event.FaultArmed> faults, Ports.Audit audit, Journal journal) {
    boolean clean = audit.residue().isEmpty() && audit.notLookedAt().isEmpty();
    boolean all = true;
    for (Event.FaultArmed fault : faults) {
      if (!Kinds.is(fault.kind(), Trait.CUTS_POWER) && !Kinds.is(fault.kind(), Trait.BY_POD)) {
        Optional<String> unknown = Cordon.unknown(client, fault.undo());
        all &= clean && unknown.isEmpty();
        journal.append(fate(fault.fault(), audit, unknown, now()));
        unknown.ifPresent(progress::say);
      }
    }
    return all;
  }

  /**
   * @param unknown why nobody knows of something that may be the fault's; empty where all is known
   */
  static Event fate(String fault, Ports.Audit audit, Optional<String> unknown, Stamp now) {
    if (!audit.residue().isEmpty()) {
      return new Event.FaultNotReverted(
          now, fault, "left: " + audit.residue() + ", not looked at: " + audit.notLookedAt());
    }
    if (!audit.notLookedAt().isEmpty()) {
      return new Event.FaultRevertUnseen(now, fault, "not looked at: " + audit.notLookedAt());
    }
    return unknown.isPresent()
        ? new Event.FaultRevertUnseen(now, fault, unknown.get())
        : new Event.FaultReverted(now, fault, Map.of("audit", "nothing of it is left on any node"));
  }

  private boolean power(
      Site site, KubernetesClient client, Event.FaultArmed fault, Journal journal) {
    if (site.power() == null) {
      progress.say("no power commands for " + fault.victim() + ": switch it on by hand");
      return false;
    }
    Course shutdown =
        Course.armedBefore(
            fault,
            site.power(),
            new NodeSilent(client, fault.victim().name(), false, time),
            time,
            journal::append);
    progress.say("undoing " + fault.kind() + " of " + fault.victim());
    return shutdown.revert("undone by a later Muster");
  }

  private Stamp now() {
    return Stamp.engine(time.instant());
  }
}
