package dev.muster.engine.run;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.console.Console;
import dev.muster.fault.Disturbance;
import dev.muster.observe.ObservationException;
import dev.muster.observe.Observer;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import dev.muster.timeline.file.Seal;
import dev.muster.timeline.file.TimelineFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A run with small ports instead of a cluster, and what became of it. */
abstract class SmallRun {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: small, title: {en: Small, zh: 小}}
      target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: ingress}
      load: {arrivals: {constant: 1/s}, stream: true, prompt: {tokens: 1}, answer: {tokens: 1}, baseline: 5s}
      faults:
        - {kind: NodeShutdown, mode: one, selector: {hosting: target}, duration: 30s, ttl: 1m}
      expect: {detected: {within: 60s}}
      """;

  /** Room for a few looks at the service, which come every 200 ms. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  @TempDir Path folder;
  final List<String> acts = new ArrayList<>();
  final Abort abort = new Abort(RealTime.TIME);
  double errors;
  Ports.@Nullable Failed failed;
  int settlesAfterLooks = Integer.MAX_VALUE;
  boolean effect = true;
  boolean undone;

  /** Whether the fault is a kill, which has nothing to undo, instead of a shutdown. */
  boolean kill;

  /** Of the fault with nothing before or after it, which steps there are. */
  UnaryOperator<List<Step>> steps = fault -> fault;

  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  boolean failing;
  boolean force;
  Abort.Act deploying = () -> {};
  Injected injected = () -> {};
  Duration lasting = Duration.ofMillis(300);
  final RunState state = new RunState();

  interface Injected {
    void then() throws IOException;
  }

  /** Whether the node was NotReady, and is Ready only some time after its fault was undone. */
  boolean late;

  /** Looks after which all nodes are Ready again, those without a fault too. */
  int looksUntilNodesAreBack;

  List<String> refusals = List.of();
  List<Observer> observers = List.of();
  List<AbortRule> abortWhen = List.of();

  void abortOnceInjected() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> acts().contains("inject"));
    abort.request("by the test");
  }

  synchronized List<String> acts() {
    return List.copyOf(acts);
  }

  synchronized void act(String act) {
    acts.add(act);
  }

  /** Time is shortened: what the drill calls seconds are hundredths here. */
  Drill drill() {
    Drill d = DrillFile.parse(DRILL, "small.yaml");
    Drill.Load l = Objects.requireNonNull(d.load());
    Fault f = d.faults().getFirst();
    return new Drill(
        d.metadata(),
        d.lab(),
        d.deploy(),
        d.monitor(),
        d.observe(),
        d.power(),
        d.target(),
        new Drill.Load(
            l.arrivals(),
            l.stream(),
            l.promptTokens(),
            l.answerTokens(),
            Duration.ofMillis(50),
            l.timeout(),
            l.seed(),
            l.model(),
            l.request()),
        steps.apply(
            List.of(
                new Fault(
                    kill ? new PodKill(Duration.ZERO, null) : f.kind(),
                    f.mode(),
                    f.selector(),
                    kill ? null : lasting,
                    kill ? null : f.ttl(),
                    f.after(),
                    f.times(),
                    f.every(),
                    f.follow(),
                    f.pointer()))),
        d.abortWhen(),
        d.protect(),
        d.agentImage(),
        d.expect(),
        d.report());
  }

  void run() throws InterruptedException {
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    try (Console console = new Console(out, () -> 0, false, RealTime.TIME);
        Journal journal = Journal.open(folder);
        AbortProbes probes = new AbortProbes(new Load(), Optional.empty())) {
      Recorder recorder = new Recorder(journal::append, journal::check, state, console, abort);
      new DrillRun(
              drill(),
              new Cluster(),
              new Load(),
              _ ->
                  (_, _, _) ->
                      List.of(
                          new Ports.Victim(ObjectRef.Victim.parse("n"), new Disturbed(recorder))),
              new Observers(observers, recorder, RealTime.TIME),
              new AbortRules(abortWhen, probes, RealTime.TIME, abort),
              recorder,
              () -> Seal.of(folder),
              state,
              console,
              abort,
              RealTime.TIME,
              new DrillRun.Pace(Duration.ZERO, SETTLED, Duration.ZERO),
              force)
          .run("r", Map.of());
    }
  }

  List<Event> events() {
    return TimelineFile.read(folder).events();
  }

  List<String> phases() {
    return events().stream()
        .filter(e -> e instanceof Event.PhaseStarted)
        .map(e -> ((Event.PhaseStarted) e).phase())
        .toList();
  }

  /** Lines of the console, without the time before each. */
  List<String> said() {
    return said.toString(StandardCharsets.UTF_8).lines().map(l -> l.substring(7)).toList();
  }

  List<String> aborts() {
    return events().stream()
        .filter(e -> e instanceof Event.RunAborted)
        .map(e -> ((Event.RunAborted) e).why())
        .toList();
  }

  private final class Disturbed implements Disturbance {
    private final Consumer<Event> timeline;

    Disturbed(Consumer<Event> timeline) {
      this.timeline = timeline;
    }

    @Override
    public String id() {
      return "f";
    }

    @Override
    public boolean inject() {
      Stamp now = Stamp.engine(RealTime.TIME.instant());
      timeline.accept(
          new Event.FaultArmed(
              now,
              "f",
              kill ? "PodKill" : "NodeShutdown",
              ObjectRef.Victim.parse("n"),
              kill ? null : now.at(),
              Map.of()));
      if (late) {
        timeline.accept(
            new Event.MilestoneReached(
                now, Milestone.NODE_NOT_READY, ObjectRef.parse("node/n"), Map.of()));
      }
      act("inject");
      try {
        injected.then();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      if (failing) {
        throw new IllegalStateException("broken");
      }
      return effect;
    }

    @Override
    public boolean revert(String why) {
      if (undone) {
        return true;
      }
      undone = true;
      act("revert");
      act("revert: " + why);
      Stamp now = Stamp.engine(RealTime.TIME.instant());
      tell(new Event.FaultReverting(now, "f", why));
      if (late) {
        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(this::ready);
      }
      if (!late) {
        ready();
      }
      tell(new Event.FaultReverted(now, "f", Map.of()));
      return true;
    }

    private void ready() {
      act("ready");
      Stamp now = Stamp.engine(RealTime.TIME.instant());
      tell(
          new Event.MilestoneReached(
              now, Milestone.NODE_READY, ObjectRef.parse("node/n"), Map.of()));
    }

    private void tell(Event event) {
      try {
        timeline.accept(event);
      } catch (JournalException e) {
        // as of a fault: no reason to leave it
      }
    }
  }

  final class Watcher implements Observer {
    private final @Nullable String trouble;
    private int looks = 2;

    Watcher(@Nullable String trouble) {
      this.trouble = trouble;
    }

    @Override
    public String name() {
      return "watcher";
    }

    @Override
    public void begin() {
      act("observer begins");
    }

    @Override
    public boolean settled(Duration sinceUndone) {
      act("settled?");
      return --looks <= 0;
    }

    @Override
    public void end() {
      if (trouble != null) {
        throw new ObservationException(trouble);
      }
      act("observer ends");
    }

    @Override
    public void close() {
      act("observer closed");
    }
  }

  private final class Load implements Ports.Load {
    @Override
    public void start() {
      act("load");
    }

    @Override
    public String line() {
      return "";
    }

    @Override
    public double errorRatio(Duration last) {
      return settlesAfterLooks-- > 0 ? errors : 0;
    }

    @Override
    public Optional<Ports.Failed> failed(Duration last) {
      return Optional.ofNullable(failed);
    }

    @Override
    public void stop(Duration atMost) {
      act("load ends");
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  private final class Cluster implements Ports.Cluster {
    @Override
    public void deploy(Progress progress) throws InterruptedException {
      act("deploy");
      deploying.run();
    }

    @Override
    public Ports.Preflight preflight() {
      act("preflight");
      return new Ports.Preflight(List.of("n"), refusals, List.of());
    }

    @Override
    public void observeSettings(Consumer<Event> timeline) {
      act("settings");
    }

    @Override
    public Ports.Watch watch(Consumer<Event> timeline) {
      act("watch");
      return new Ports.Watch() {
        @Override
        public String nodeStates() {
          return "";
        }

        @Override
        public void victimNode(ObjectRef.Node node) {
          act("victim " + node);
        }

        @Override
        public void victimPod(ObjectRef.Pod pod) {
          act("victim " + pod.name());
        }

        @Override
        public void close() {
          act("watch ends");
        }
      };
    }

    @Override
    public boolean whole() {
      return true;
    }

    @Override
    public boolean nodesBack() {
      act("nodes back?");
      return --looksUntilNodesAreBack <= 0;
    }

    @Override
    public Ports.Audit audit(Set<String> disturbed) {
      act("audit");
      return new Ports.Audit(List.of(), List.of(), List.of());
    }

    @Override
    public void leave() {
      act("leave");
    }

    @Override
    public void hold(Abort by, Progress progress) {
      act("hold");
    }

    @Override
    public void close() {
      act("free");
    }
  }
}
