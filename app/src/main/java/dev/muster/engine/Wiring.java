package dev.muster.engine;

import dev.muster.cluster.Capacity;
import dev.muster.cluster.Chart;
import dev.muster.cluster.ClusterException;
import dev.muster.cluster.Connection;
import dev.muster.cluster.Permissions;
import dev.muster.cluster.SettingsSeen;
import dev.muster.cluster.Victims;
import dev.muster.drill.Drill;
import dev.muster.drill.Progress;
import dev.muster.fault.NodeShutdown;
import dev.muster.fault.Pause;
import dev.muster.load.HttpChatClient;
import dev.muster.load.LoadGenerator;
import dev.muster.load.Schedule;
import dev.muster.observe.ClusterWatch;
import dev.muster.observe.Whole;
import dev.muster.timeline.Event;
import dev.muster.timeline.Journal;
import dev.muster.timeline.Ledger;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts the real cluster, load and fault behind the ports of a run. */
public final class Wiring {
  private final Drill drill;
  private final RunFolder folder;
  private final Site site;
  private final @Nullable Path helm;
  private final Path dist;
  private final Console console;
  private final Abort abort;
  private final InstantSource clock;

  public Wiring(
      Drill drill,
      RunFolder folder,
      Site site,
      @Nullable Path helm,
      Path dist,
      Console console,
      Abort abort,
      InstantSource clock) {
    this.drill = drill;
    this.folder = folder;
    this.site = site;
    this.helm = helm;
    this.dist = dist;
    this.console = console;
    this.abort = abort;
    this.clock = clock;
  }

  /** Runs the drill to its end; the folder then holds everything for a verdict. */
  public void run() throws InterruptedException {
    var power = site.power();
    if (power == null) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "NodeShutdown needs a way to switch nodes on again: add 'power' commands to the drill, or run it in the lab");
    }
    RunState state = new RunState();
    try (KubernetesClient client = Connection.open(site.kubeconfig(), site.context());
        KubernetesClient probe = Connection.probe(site.kubeconfig(), site.context());
        Journal journal = Journal.open(folder.path());
        Ledger ledger = Ledger.open(folder.path())) {
      Recorder recorder = new Recorder(journal, state, console, abort);
      RealCluster cluster = new RealCluster(client, probe);
      try (RealLoad load = new RealLoad(client, state, recorder, ledger)) {
        new DrillRun(
                drill,
                cluster,
                load,
                victim -> fault(victim, probe, recorder),
                recorder,
                state,
                console,
                abort,
                clock,
                DrillRun.STEADY)
            .run(folder.id(), site.environment());
      }
      ledger.finish();
    } catch (ClusterException e) {
      throw new Refusal(ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()));
    }
  }

  private Ports.Fault fault(String victim, KubernetesClient probe, Recorder recorder) {
    var power = Objects.requireNonNull(site.power());
    NodeShutdown shutdown =
        new NodeShutdown(
            "fault-1",
            victim,
            drill.faults().getFirst().ttl(),
            power,
            new ApiProbe(probe),
            clock,
            Pause.REAL,
            recorder);
    return new Ports.Fault() {
      @Override
      public boolean inject() throws InterruptedException {
        return shutdown.inject();
      }

      @Override
      public boolean revert(String why) {
        return shutdown.revert(why);
      }
    };
  }

  private final class RealCluster implements Ports.Cluster {
    private final KubernetesClient client;
    private final KubernetesClient probe;
    private @Nullable Whole whole;

    RealCluster(KubernetesClient client, KubernetesClient probe) {
      this.client = client;
      this.probe = probe;
    }

    @Override
    public void deploy(Progress progress) {
      Drill.Deploy deploy = drill.deploy();
      if (deploy != null) {
        if (helm == null) {
          throw new Refusal(
              ExitCode.ENVIRONMENT, "the drill deploys a chart, and helm is not there");
        }
        new Chart(helm, dist, site.kubeconfig(), site.context()).install(deploy, progress);
        Whole.settle(client, deploy.namespace());
      }
    }

    @Override
    public Ports.Preflight preflight() {
      List<String> refusals = new ArrayList<>();
      refusals.addAll(Permissions.missing(client, drill.target().namespace()));
      if (!refusals.isEmpty()) {
        return new Ports.Preflight("", refusals, List.of());
      }
      String victim = new Victims(client, drill).choose();
      OwnPath.refuseThrough(client, victim, Endpoint.url(drill, site));
      refusals.addAll(Whole.notReady(client, drill.target()));
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

  private final class RealLoad implements Ports.Load, AutoCloseable {
    private final HttpChatClient client;
    private final LoadGenerator generator;
    private final Recorder recorder;
    private final Set<String> served = ConcurrentHashMap.newKeySet();

    RealLoad(KubernetesClient cluster, RunState state, Recorder recorder, Ledger ledger) {
      this.recorder = recorder;
      URI url = Endpoint.url(drill, site);
      client =
          new HttpChatClient(
              HttpChatClient.Spec.of(
                  drill.load(), url, () -> Endpoint.host(cluster, drill, url), apiKey()),
              clock);
      Consumer<Request> rows =
          row -> {
            ledger.append(row);
            firstGoodToken(row, state);
          };
      generator =
          new LoadGenerator(
              client,
              new Schedule(drill.load().arrivals(), drill.load().seed()),
              clock,
              rows,
              folder.id());
    }

    /** As DeepSeek's own tools take it; the reference service takes any. */
    private static String apiKey() {
      return Objects.requireNonNullElse(System.getenv("DEEPSEEK_API_KEY"), "muster");
    }

    private void firstGoodToken(Request row, RunState state) {
      Instant token =
          row.firstReasoningToken() != null ? row.firstReasoningToken() : row.firstAnswerToken();
      if (token == null || !row.outcome().good()) {
        return;
      }
      for (String pod : row.pods()) {
        String object = "pod/" + drill.target().namespace() + "/" + pod;
        if (state.objects(Milestone.REPLACEMENT_CREATED).contains(object) && served.add(object)) {
          recorder.accept(
              new Event.MilestoneReached(
                  new Stamp(token, "client", null, Duration.ZERO),
                  Milestone.FIRST_GOOD_TOKEN,
                  "request/" + row.id(),
                  Map.of("pod", object)));
          return;
        }
      }
    }

    @Override
    public void start() {
      recorder.accept(
          new Event.LoadStarted(
              Stamp.engine(clock.instant()),
              drill.load().seed(),
              drill.load().arrivals().toString()));
      generator.start();
    }

    @Override
    public String line() {
      return generator.recent().line();
    }

    @Override
    public double errorRatio(Duration last) {
      return generator.recent().errorRatio(last);
    }

    @Override
    public void stop(Duration atMost) throws InterruptedException {
      LoadGenerator.Summary summary = generator.stop(atMost);
      recorder.accept(
          new Event.LoadEnded(
              Stamp.engine(clock.instant()),
              summary.scheduled(),
              summary.sendLagP99Millis(),
              summary.sendLagMaxMillis()));
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
