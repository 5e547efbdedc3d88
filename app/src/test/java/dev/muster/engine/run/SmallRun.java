package dev.muster.engine.run;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.port.Observer;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.console.Console;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.file.Journal;
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
        AbortProbes probes = new AbortProbes(new SmallLoad(this), Optional.empty())) {
      Recorder recorder = new Recorder(journal::append, journal::check, state, console, abort);
      new DrillRun(
              drill(),
              new SmallCluster(this),
              new SmallLoad(this),
              _ ->
                  (_, _, _) ->
                      List.of(
                          new Ports.Victim(
                              ObjectRef.Victim.parse("n"), new SmallFault(this, recorder))),
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
}
