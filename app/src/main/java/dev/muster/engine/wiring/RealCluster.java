package dev.muster.engine.wiring;

import dev.muster.cluster.audit.NodeAudit;
import dev.muster.cluster.audit.Residue;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.Permissions;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.SettingsSeen;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.object.Unpullable;
import dev.muster.cluster.object.Unready;
import dev.muster.cluster.preflight.GrayPreflight;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.Chart;
import dev.muster.cluster.run.DrillLease;
import dev.muster.cluster.select.PodSelectorTerms;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.Time;
import dev.muster.engine.after.Audits;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.Ports;
import dev.muster.engine.site.Site;
import dev.muster.observe.watch.ClusterWatch;
import dev.muster.observe.watch.ReadyCounts;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.check.fault.SpreadCheck;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Any Kubernetes, as a run needs it. */
final class RealCluster implements Ports.Cluster {
  private final Drill drill;
  private final Site site;
  private final @Nullable Chart chart;
  private final KubernetesClient client;
  private final KubernetesClient probe;
  private final AgentPods pods;
  private final Time time;
  private final Set<String> healthy = new HashSet<>();
  private @Nullable ReadyCounts whole;
  private long settled;
  private @Nullable DrillLease lease;

  /**
   * @param chart null where the drill deploys nothing
   * @param probe does not try again
   * @param pods of the run's agents
   */
  RealCluster(
      Drill drill,
      Site site,
      @Nullable Chart chart,
      KubernetesClient client,
      KubernetesClient probe,
      AgentPods pods,
      Time time) {
    this.drill = drill;
    this.site = site;
    this.chart = chart;
    this.client = client;
    this.probe = probe;
    this.pods = pods;
    this.time = time;
  }

  @Override
  public void hold(Abort abort, Progress progress) throws InterruptedException {
    List<String> missing = Permissions.missing(client, drill);
    if (!missing.isEmpty()) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "nothing was touched:\n  " + String.join("\n  ", missing));
    }
    DrillLease taken =
        new DrillLease(
            client,
            time,
            new DrillLease.Holder() {
              @Override
              public void missed(String why) {
                progress.say("the drill's lease could not be renewed: " + why);
              }

              @Override
              public void lost(String to) {
                abort.request("the cluster's drill lease was lost to " + to);
              }
            });
    Optional<String> held = taken.acquire(pods.namespace().run());
    if (held.isPresent()) {
      throw new Refusal(ExitCode.ENVIRONMENT, "nothing was touched: " + held.get());
    }
    lease = taken;
  }

  @Override
  public void deploy(Progress progress) {
    // side by side: helm mostly waits for pods, and neither chart needs the other's
    try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Object> installed :
          both.invokeAll(
              List.of(
                  Executors.callable(() -> install(drill.monitor(), progress)),
                  Executors.callable(() -> install(drill.deploy(), progress))))) {
        installed.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while helm was waiting");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException why
          ? why
          : new IllegalStateException(e.getCause());
    }
  }

  private void install(Drill.@Nullable Deploy deploy, Progress progress) {
    if (deploy != null && chart != null) {
      try {
        Unpullable lacking = new Unpullable(client, deploy.namespace(), time);
        chart.install(deploy, progress, lacking::seen);
      } catch (ClusterException e) {
        throw Thread.currentThread().isInterrupted() ? e : withPods(e, deploy.namespace());
      }
      ReadyCounts.settle(client, deploy.namespace());
    }
  }

  /** Helm says only that its time is up. */
  private ClusterException withPods(ClusterException failed, String namespace) {
    List<String> unready = Unready.pods(client, namespace);
    return unready.isEmpty()
        ? failed
        : new ClusterException(
            "%s\nnot ready in namespace %s:\n  %s"
                .formatted(failed.getMessage(), namespace, String.join("\n  ", unready)));
  }

  @Override
  public Ports.Preflight preflight() throws InterruptedException {
    Snapshot snapshot = Snapshot.read(client);
    Ports.Preflight plan = plan(snapshot);
    List<String> refusals = new ArrayList<>(plan.refusals());
    List<String> notes = new ArrayList<>(plan.notes());
    if (Audits.byAgent(drill)) {
      lookAtNodes(snapshot, refusals, notes);
    }
    refusals.addAll(GrayPreflight.trouble(client, drill, snapshot));
    whole = ReadyCounts.now(client, drill.target());
    settled = settled();
    snapshot.nodes().stream().filter(Pods::ready).map(PlannedVictims::name).forEach(healthy::add);
    return new Ports.Preflight(plan.victims(), refusals, notes);
  }

  /** Workloads of which no rollout is under way, where the drill begins some; else 0. */
  private long settled() {
    Set<String> namespaces =
        drill.faults().stream()
            .filter(fault -> fault.kind().ofWorkloads())
            .flatMap(fault ->
                PodSelectorTerms.namespaces(fault.selector(), drill.target().namespace()).stream())
            .collect(Collectors.toSet());
    return namespaces.isEmpty() ? 0 : ReadyCounts.settled(client, namespaces);
  }

  /** What preflight can tell by looking alone; nothing is put into the cluster. */
  Ports.Preflight plan(Snapshot snapshot) {
    return victims(snapshot).plan();
  }

  private PlannedVictims victims(Snapshot snapshot) {
    return new PlannedVictims(drill, site, client, snapshot);
  }

  /** What an earlier run left would be taken for this one's, and a node may lack what is needed. */
  private void lookAtNodes(Snapshot snapshot, List<String> refusals, List<String> notes)
      throws InterruptedException {
    Set<String> carrying = victims(snapshot).nodes(FaultKind::byAgent);
    NodeAudit.Found found =
        Audits.nodes(pods, drill, snapshot.nodes(), carrying, "audit", "before", time);
    found
        .residue()
        .forEach(r -> refusals.add("left by an earlier run: " + r + "; run muster cleanup"));
    found.notLookedAt().forEach(n -> refusals.add("could not be looked at: " + n));
    found.passedOver().forEach(n -> notes.add("not looked at, no fault goes there: " + n));
    for (String node : victims(snapshot).nodes(kind -> kind.is(Trait.NETEM))) {
      var can = found.abilities().get(node);
      if (can != null && !"true".equals(can.get("netem"))) {
        refusals.add(
            "the kernel of "
                + node
                + " has no netem (module sch_netem), which delay and loss need");
      }
    }
  }

  @Override
  public void observeSettings(Consumer<Event> timeline) {
    SettingsSeen settings = new SettingsSeen(client, drill.target(), time, timeline);
    settings.write(site.settings());
    if (SpreadCheck.SURVIVES.isIn(drill) || drill.faults().stream().anyMatch(Fault::ofZone)) {
      settings.writeZones();
    }
  }

  @Override
  public Ports.Watch watch(Consumer<Event> timeline) {
    ClusterWatch started =
        new ClusterWatch(client, probe, drill.target(), site.loadBalancer(), time, timeline);
    return new Ports.Watch() {
      @Override
      public String nodeStates() {
        return started.nodeStates();
      }

      @Override
      public void victimNode(ObjectRef.Node node) {
        started.victimNode(node);
      }

      @Override
      public void victimPod(ObjectRef.Pod pod) {
        started.victimPod(pod);
      }

      @Override
      public void close() {
        started.close();
      }
    };
  }

  @Override
  public boolean whole() {
    return whole != null && whole.again(client) && settled() >= settled;
  }

  @Override
  public boolean nodesBack() {
    return whole != null && whole.nodesBack(client);
  }

  @Override
  public Ports.Audit audit(Set<String> disturbed) throws InterruptedException {
    return new Audits(client, site.power(), drill, pods, pods.namespace().run(), time)
        .look("audit", disturbed, healthy);
  }

  @Override
  public void leave() throws InterruptedException {
    if (lease != null && Audits.leavesObjects(drill)) { // before it was held nothing was made
      new Residue(client, pods.namespace().run(), time).removeObjects(); // no fault was armed yet
    }
    close();
  }

  @Override
  public void close() {
    DrillLease held = lease;
    if (held != null) {
      held.close();
      lease = null;
    }
    pods.namespace().close();
  }
}
