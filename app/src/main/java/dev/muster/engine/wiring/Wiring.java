package dev.muster.engine.wiring;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Permissions;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.preflight.GrayPreflight;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.Chart;
import dev.muster.cluster.run.LoadPods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.cluster.select.Selection;
import dev.muster.drill.Drill;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.port.Observer;
import dev.muster.drill.time.Time;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.AbortProbes;
import dev.muster.engine.run.AbortRules;
import dev.muster.engine.run.DrillRun;
import dev.muster.engine.run.Observers;
import dev.muster.engine.run.Ports;
import dev.muster.engine.run.Recorder;
import dev.muster.engine.run.RunState;
import dev.muster.engine.run.Waiting;
import dev.muster.engine.site.Endpoint;
import dev.muster.engine.site.Site;
import dev.muster.observe.metrics.Prometheus;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import dev.muster.timeline.file.Ledger;
import dev.muster.timeline.file.Seal;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts the real cluster, load and fault behind the ports of a run. */
public final class Wiring {
  private final Drill drill;
  private final RunFolder folder;
  private final Journal journal;
  private final Site site;
  private final @Nullable Path helm;
  private final Path dist;
  private final Path drivers;
  private final Console console;
  private final Abort abort;
  private final Time time;
  private final boolean force;

  /**
   * @param journal the folder's, open: closed by whoever opened it
   */
  public Wiring(
      Drill drill,
      RunFolder folder,
      Journal journal,
      Site site,
      @Nullable Path helm,
      Path dist,
      Path drivers,
      Console console,
      Abort abort,
      Time time,
      boolean force) {
    this.drill = drill;
    this.folder = folder;
    this.journal = journal;
    this.site = site;
    this.helm = helm;
    this.dist = dist;
    this.drivers = drivers;
    this.console = console;
    this.abort = abort;
    this.time = time;
    this.force = force;
  }

  /**
   * Preflight by looking alone, and what is missing of rights: what {@code --dry-run} shows. No
   * victims where they cannot be known without a right that is missing.
   */
  public static Ports.Preflight plan(Drill drill, Site site, Time time) {
    refuseWithoutPower(drill, site);
    try (KubernetesClient client = Connection.open(site.kubeconfig(), site.context())) {
      AgentPods none = new AgentPods(client, client, new RunNamespace(client, "none", "", time));
      try (RealCluster cluster = new RealCluster(drill, site, null, client, client, none, time)) {
        List<String> missing = Permissions.missing(client, drill);
        Ports.Preflight plan =
            missing.isEmpty() ? seen(cluster, drill, client) : tried(cluster, drill, client);
        return new Ports.Preflight(
            plan.victims(), together(missing, plan.refusals()), plan.notes());
      }
    } catch (ClusterException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()));
    } catch (KubernetesClientException e) {
      throw notDone(e);
    }
  }

  private static Ports.Preflight seen(RealCluster cluster, Drill drill, KubernetesClient client) {
    Snapshot snapshot = Snapshot.read(client);
    Ports.Preflight plan = cluster.plan(snapshot);
    List<String> gray = GrayPreflight.trouble(client, drill, snapshot);
    if (gray.isEmpty()) {
      return plan;
    }
    // what the run deploys first may set it right
    boolean deploys = drill.deploy() != null;
    return new Ports.Preflight(
        plan.victims(),
        together(plan.refusals(), deploys ? List.of() : gray),
        together(
            plan.notes(),
            deploys ? gray.stream().map(w -> "as it is now: " + w).toList() : List.of()));
  }

  private static List<String> together(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  /** Whoever lacks some right may lack that of looking: then nothing is known but what it lacks. */
  private static Ports.Preflight tried(RealCluster cluster, Drill drill, KubernetesClient client) {
    try {
      return seen(cluster, drill, client);
    } catch (KubernetesClientException e) {
      return new Ports.Preflight(List.of(), List.of(), List.of());
    }
  }

  private static Refusal notDone(KubernetesClientException e) {
    return new Refusal(
        ExitCode.ENVIRONMENT, "the cluster did not do as asked: " + ApiErrors.why(e));
  }

  private static void refuseWithoutPower(Drill drill, Site site) {
    boolean shutdown = drill.faults().stream().anyMatch(f -> f.kind().is(Trait.CUTS_POWER));
    if (shutdown && site.power() == null) {
      throw new Refusal(
          ExitCode.USAGE,
          "NodeShutdown needs a way to switch nodes on again: add 'power' commands to the drill, or"
              + " run it in the lab");
    }
  }

  /** Runs the drill to its end; the folder then holds everything for a verdict. */
  public void run() throws InterruptedException {
    refuseWithoutPower(drill, site);
    RunState state = new RunState();
    try (KubernetesClient client = Connection.open(site.kubeconfig(), site.context());
        KubernetesClient probe = Connection.probe(site.kubeconfig(), site.context());
        Ledger ledger = Ledger.open(folder.path())) {
      Recorder recorder = new Recorder(journal::append, journal::check, state, console, abort);
      Chart chart = helm == null ? null : new Chart(helm, dist, site.kubeconfig(), site.context());
      AgentPods pods =
          new AgentPods(
              client, probe, new RunNamespace(client, folder.id(), AgentPods.image(drill), time));
      ObserverOnCluster.Run observed =
          new ObserverOnCluster.Run(
              drill, probe, folder.path(), drivers, System.getenv(), time, recorder);
      try (RealCluster cluster = new RealCluster(drill, site, chart, client, probe, pods, time);
          Ports.Load load = load(client, pods, recorder, state, ledger);
          Observers observers =
              new Observers(
                  ObserverOnCluster.all().stream()
                      .<Observer>flatMap(all -> all.of(observed))
                      .toList(),
                  recorder,
                  time);
          AbortProbes probes = new AbortProbes(load, Prometheus.of(observed))) {
        new DrillRun(
                drill,
                cluster,
                load,
                watch ->
                    new RealFaults(drill, client, probe, pods, site.power(), watch, time, recorder),
                observers,
                new AbortRules(drill.abortWhen(), probes, time, abort),
                recorder,
                () -> sealed(ledger),
                state,
                console,
                abort,
                time,
                DrillRun.PACE,
                force)
            .run(folder.id(), site.environment());
      }
    } catch (JournalException e) {
      throw new JournalException(e.getMessage() + "\n" + state.fate(), e);
    } catch (ClusterException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()));
    } catch (KubernetesClientException e) {
      throw notDone(e);
    }
  }

  /** The run's end says what is in the files: from here on they stay as they are. */
  private Map<String, String> sealed(Ledger ledger) {
    ledger.finish();
    return Seal.of(folder.path());
  }

  private Ports.Load load(
      KubernetesClient client, AgentPods pods, Recorder recorder, RunState state, Ledger ledger) {
    Drill.Load asked = drill.load();
    if (asked == null) {
      return new NoLoad();
    }
    URI url = Endpoint.url(drill, site);
    Drill.InCluster inCluster = asked.inCluster();
    if (inCluster != null) {
      return load(asked, inCluster.pods(), url, pods, recorder, state, ledger);
    }
    return new RealLoad(
        drill,
        asked,
        url,
        () -> Endpoint.host(client, drill, url),
        folder.id(),
        folder.path(),
        state,
        recorder,
        ledger,
        time);
  }

  /** The same from pods in the cluster. */
  private Ports.Load load(
      Drill.Load asked,
      int count,
      URI url,
      AgentPods pods,
      Recorder recorder,
      RunState state,
      Ledger ledger) {
    String token = UUID.randomUUID().toString();
    FirstGoodTokens firstGoodTokens =
        new FirstGoodTokens(drill.target().namespace(), state, recorder);
    return new ClusterLoad(
        asked,
        count,
        url,
        RealLoad.apiKey(),
        new LoadPods(pods.client(), pods.probe(), pods.namespace(), token),
        () ->
            LoadPodInputs.of(
                asked,
                count,
                url,
                Endpoint.host(pods.client(), drill, url),
                folder.id(),
                System.getenv(),
                RealLoad.apiKey(),
                token),
        () -> victims(pods.client()),
        (row, off) -> {
          ledger.append(row);
          firstGoodTokens.look(row, off);
        },
        recorder,
        folder.path(),
        new Waiting(abort, time),
        time);
  }

  /** Nodes that the drill's faults would take now: what happens to them must not be the load's. */
  private List<String> victims(KubernetesClient client) {
    Selection selection = new Selection(drill, Snapshot.read(client));
    return drill.faults().stream()
        .filter(fault -> fault.kind().ofNodes())
        .flatMap(fault -> selection.nodes(fault, Selection.chance(drill, fault)).stream())
        .distinct()
        .toList();
  }
}
