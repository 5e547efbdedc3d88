package dev.muster.engine.wiring;

import dev.muster.cluster.fault.Rbac;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.engine.console.Console;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.AbortProbes;
import dev.muster.engine.run.AbortRules;
import dev.muster.engine.run.DrillRun;
import dev.muster.engine.run.Observers;
import dev.muster.engine.run.Recorder;
import dev.muster.engine.run.RunState;
import dev.muster.engine.site.Site;
import dev.muster.timeline.Event;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.TimelineFile;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole run of a drill against an API server that permits only what roles say. */
final class PermittedRun {
  private final Path folder;
  private final String extra;
  private final NodeAnswers answers = new NodeAnswers();

  /**
   * @param extra objects of the cluster besides {@link ThreeNodes}
   */
  PermittedRun(Path folder, String extra) {
    this.folder = folder;
    this.extra = extra;
  }

  static Drill drill(String fault) {
    return drill(fault, "");
  }

  static Drill drill(String fault, String more) {
    return DrillFile.parseKept(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: 'http://svc.example'}
        load: {arrivals: {constant: 1/s}, baseline: 5s}
        faults: [%s]
        expect: {recovered: {within: 1s}, residue: none}
        %s
        """
            .formatted(fault, more),
        "d.yaml");
  }

  /** An API server that permits what is printed for the drill. */
  RoleBound roles(Drill drill) {
    return new RoleBound(Rbac.yaml(drill), new StartedPods(), answers::to);
  }

  @SuppressWarnings(
      "deprecation") // the mock wants the library's own mapper, which is told nowhere else
  List<Event> run(Drill drill, RoleBound roles) throws InterruptedException {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            roles,
            false);
    server.init();
    try (KubernetesClient owner = server.createClient();
        KubernetesClient client = server.createClient()) {
      client.getConfiguration().setRequestRetryBackoffLimit(0);
      roles.open = true;
      ThreeNodes.create(owner, extra);
      owner
          .pods()
          .inNamespace("s")
          .list()
          .getItems()
          .forEach(p -> answers.uids.add(p.getMetadata().getUid()));
      roles.open = false;
      return run(drill, client);
    } finally {
      server.destroy();
    }
  }

  /** As {@link Wiring} does it, with time that runs faster and nobody who asks for answers. */
  private List<Event> run(Drill drill, KubernetesClient client) throws InterruptedException {
    // the drill's lease lasts 40 s: a busy machine must not lose it in a moment
    Time time = new FastTime(10);
    Site site = new Site(folder, null, power(), null, null, Map.of(), Map.of(), Map.of());
    RunState state = new RunState();
    Abort abort = new Abort(time);
    var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    AgentPods pods =
        new AgentPods(client, client, new RunNamespace(client, "r", "a:1", RealTime.TIME));
    try (Console console = new Console(silent, () -> 0, true, RealTime.TIME);
        Journal journal = Journal.open(folder);
        AbortProbes probes = new AbortProbes(new NoLoad(), Optional.empty());
        RealCluster cluster = new RealCluster(drill, site, null, client, client, pods, time)) {
      Recorder recorder = new Recorder(journal::append, journal::check, state, console, abort);
      new DrillRun(
              drill,
              cluster,
              new NoLoad(),
              watch ->
                  new RealFaults(drill, client, client, pods, site.power(), watch, time, recorder),
              new Observers(List.of(), recorder, time),
              new AbortRules(List.of(), probes, RealTime.TIME, abort),
              recorder,
              Map::of,
              state,
              console,
              abort,
              time,
              new DrillRun.Pace(Duration.ZERO, Duration.ZERO, Duration.ZERO),
              false)
          .run("r", Map.of());
    }
    return TimelineFile.read(folder).events();
  }

  private static Power power() {
    return new Power() {
      @Override
      public void off(String node) {
        // nothing is behind it
      }

      @Override
      public void on(String node) {
        // nothing is behind it
      }

      @Override
      public State state(String node) {
        return State.ON;
      }

      @Override
      public String describe() {
        return "none";
      }
    };
  }
}
