package dev.muster.engine;

import dev.muster.cluster.Capacity;
import dev.muster.cluster.Chart;
import dev.muster.cluster.Permissions;
import dev.muster.cluster.SettingsSeen;
import dev.muster.cluster.Victims;
import dev.muster.drill.Drill;
import dev.muster.drill.Progress;
import dev.muster.observe.ClusterWatch;
import dev.muster.observe.Whole;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Any Kubernetes, as a run needs it. */
final class RealCluster implements Ports.Cluster {
  private final Drill drill;
  private final Site site;
  private final @Nullable Chart chart;
  private final KubernetesClient client;
  private final KubernetesClient probe;
  private final InstantSource clock;
  private @Nullable Whole whole;

  /**
   * @param chart null where the drill deploys nothing
   * @param probe does not try again
   */
  RealCluster(
      Drill drill,
      Site site,
      @Nullable Chart chart,
      KubernetesClient client,
      KubernetesClient probe,
      InstantSource clock) {
    this.drill = drill;
    this.site = site;
    this.chart = chart;
    this.client = client;
    this.probe = probe;
    this.clock = clock;
  }

  @Override
  public void deploy(Progress progress) {
    List<String> missing = Permissions.missing(client, drill.target().namespace());
    if (!missing.isEmpty()) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "nothing was touched:\n  " + String.join("\n  ", missing));
    }
    Drill.Deploy deploy = drill.deploy();
    if (deploy != null && chart != null) {
      chart.install(deploy, progress);
      Whole.settle(client, deploy.namespace());
    }
  }

  @Override
  public Ports.Preflight preflight() {
    String victim = new Victims(client, drill).choose();
    OwnPath.refuseThrough(client, victim, Endpoint.url(drill, site));
    List<String> refusals = new ArrayList<>(Whole.notReady(client, drill.target()));
    refusals.addAll(Capacity.missing(client, victim));
    whole = Whole.now(client, drill.target());
    return new Ports.Preflight(victim, refusals, List.of());
  }

  @Override
  public void observeSettings(Consumer<Event> timeline) {
    new SettingsSeen(client, drill.target(), clock, timeline).write(site.settings());
  }

  @Override
  public Ports.Watch watch(String victim, Consumer<Event> timeline) {
    ClusterWatch started =
        new ClusterWatch(
            client, probe, drill.target(), victim, site.loadBalancer(), clock, timeline);
    return new Ports.Watch() {
      @Override
      public String nodeStates() {
        return started.nodeStates();
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
  public Ports.Audit audit() {
    return Audits.of(client, site, drill);
  }
}
