package dev.muster.engine;

import dev.muster.cluster.AgentPods;
import dev.muster.cluster.Chart;
import dev.muster.cluster.DrillLease;
import dev.muster.cluster.Headroom;
import dev.muster.cluster.NodeAudit;
import dev.muster.cluster.Permissions;
import dev.muster.cluster.Pods;
import dev.muster.cluster.PreflightTable;
import dev.muster.cluster.Residue;
import dev.muster.cluster.Selection;
import dev.muster.cluster.SettingsSeen;
import dev.muster.cluster.Snapshot;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.FaultKind;
import dev.muster.drill.Progress;
import dev.muster.drill.Step;
import dev.muster.drill.Time;
import dev.muster.observe.ClusterWatch;
import dev.muster.observe.Whole;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
  private @Nullable Whole whole;
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
    install(drill.monitor(), progress);
    install(drill.deploy(), progress);
  }

  private void install(Drill.@Nullable Deploy deploy, Progress progress) {
    if (deploy != null && chart != null) {
      chart.install(deploy, progress);
      Whole.settle(client, deploy.namespace());
    }
  }

  @Override
  public Ports.Preflight preflight() throws InterruptedException {
    Snapshot snapshot = Snapshot.read(client);
    Ports.Preflight plan = plan(snapshot);
    List<String> refusals = new ArrayList<>(plan.refusals());
    if (Audits.throughAgents(drill)) {
      lookAtNodes(snapshot, refusals);
    }
    whole = Whole.now(client, drill.target());
    return new Ports.Preflight(plan.victims(), refusals, plan.notes());
  }

  /** What preflight can tell by looking alone; nothing is put into the cluster. */
  Ports.Preflight plan(Snapshot snapshot) {
    Selection selection = new Selection(drill, snapshot);
    selection.target();
    List<String> victims = new ArrayList<>();
    List<String> refusals = new ArrayList<>(Whole.notReady(client, drill.target()));
    List<String> notes = new ArrayList<>();
    for (Step step : drill.steps()) {
      Set<String> lost = new LinkedHashSet<>();
      for (Fault fault : Step.faults(step).toList()) {
        victims.addAll(victims(selection, fault, lost));
      }
      if (!lost.isEmpty()) {
        Headroom room = Headroom.of(snapshot, lost);
        refusals.addAll(room.missing());
        PreflightTable.of(snapshot, lost, room, Set.of()).text().lines().forEach(notes::add);
      }
    }
    return new Ports.Preflight(victims, refusals, notes);
  }

  /**
   * @param lost gets the nodes whose pods somebody has to make anew
   */
  private List<String> victims(Selection selection, Fault fault, Set<String> lost) {
    FaultKind kind = fault.kind();
    if (kind.ofPods()) {
      selection.peers(fault);
      return selection.pods(fault, Selection.chance(drill, fault)).stream()
          .map(p -> kind.word() + " " + Pods.object(p))
          .toList();
    }
    List<String> nodes = selection.nodes(fault, Selection.chance(drill, fault));
    if (takesTheNode(kind)) {
      lost.addAll(nodes);
      if (drill.load() != null) {
        nodes.forEach(n -> OwnPath.refuseThrough(client, n, Endpoint.url(drill, site)));
      }
    }
    return nodes.stream().map(n -> kind.word() + " " + n).toList();
  }

  private static boolean takesTheNode(FaultKind kind) {
    return switch (kind) {
      case FaultKind.NodeShutdown _, FaultKind.NodeNetwork _, FaultKind.KubeletStop _ -> true;
      default -> false;
    };
  }

  /** What an earlier run left would be taken for this one's, and a node may lack what is needed. */
  private void lookAtNodes(Snapshot snapshot, List<String> refusals) throws InterruptedException {
    NodeAudit.Found found = new NodeAudit(pods, time).look(snapshot.nodes(), "audit", "before");
    found
        .residue()
        .forEach(r -> refusals.add("left by an earlier run: " + r + "; run muster cleanup"));
    found.notLookedAt().forEach(n -> refusals.add("could not be looked at: " + n));
    boolean netem =
        drill.faults().stream()
            .anyMatch(f ->
                f.kind() instanceof FaultKind.NetworkDelay
                    || f.kind() instanceof FaultKind.NetworkLoss);
    if (netem) {
      found
          .abilities()
          .forEach((node, can) -> {
            if (!"true".equals(can.get("netem"))) {
              refusals.add(
                  "the kernel of "
                      + node
                      + " has no netem (module sch_netem), which delay and loss need");
            }
          });
    }
  }

  @Override
  public void observeSettings(Consumer<Event> timeline) {
    new SettingsSeen(client, drill.target(), time, timeline).write(site.settings());
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
    return whole != null && whole.again(client);
  }

  @Override
  public Ports.Audit audit() throws InterruptedException {
    return new Audits(client, site.power(), drill, pods, pods.namespace().run(), time).look("audit");
  }

  @Override
  public void leave() throws InterruptedException {
    if (lease != null && Audits.throughAgents(drill)) { // before it was held nothing was made
      new Residue(client, pods.namespace().run(), time).remove();
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
