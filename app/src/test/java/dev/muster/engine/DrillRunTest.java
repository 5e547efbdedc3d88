package dev.muster.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Drill;
import dev.muster.drill.DrillFile;
import dev.muster.drill.Fault;
import dev.muster.drill.Progress;
import dev.muster.fault.Disturbance;
import dev.muster.observe.ObservationException;
import dev.muster.observe.Observer;
import dev.muster.timeline.Event;
import dev.muster.timeline.Journal;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.TimelineFile;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of a run's acts, with small ports instead of a cluster. */
class DrillRunTest {
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
  private final List<String> acts = new ArrayList<>();
  private final Abort abort = new Abort();
  private double errors;
  private int settlesAfterLooks = Integer.MAX_VALUE;
  private boolean effect = true;
  private boolean undone;
  private boolean failing;
  private boolean force;
  private List<String> refusals = List.of();
  private List<Observer> observers = List.of();
  private List<AbortRule> abortWhen = List.of();

  @Test
  void theFaultIsUndoneBeforeTheLoadEnds() throws InterruptedException {
    run();
    assertThat(acts)
        .containsSubsequence(
            "deploy",
            "preflight",
            "watch",
            "settings",
            "load",
            "inject",
            "revert",
            "load ends",
            "watch ends",
            "audit");
    assertThat(phases())
        .containsExactly(
            "prepare",
            "preflight",
            "settle",
            "baseline",
            "inject",
            "observe",
            "revert",
            "recover",
            "audit");
    assertThat(events().getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void everyPhaseThatBeganHasEnded() throws InterruptedException {
    run();
    assertThat(events().stream().filter(e -> e instanceof Event.PhaseEnded).count())
        .isEqualTo(phases().size());
  }

  @Test
  void aRefusalTouchesNothing() {
    refusals = List.of("not enough memory");
    assertThatThrownBy(this::run)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("not enough memory")
        .hasMessageContaining("no fault was injected");
    assertThat(acts).containsExactly("hold", "deploy", "preflight", "leave");
  }

  @Test
  void aForcedDrillIsDoneAndSaysSo() throws InterruptedException {
    refusals = List.of("not enough memory");
    force = true;
    run();
    assertThat(acts).contains("inject", "revert");
    assertThat(events())
        .anyMatch(e ->
            e instanceof Event.PreflightForced forced
                && forced.refusals().contains("not enough memory"));
  }

  @Test
  void aServiceThatFailsAlreadyIsNotDisturbed() throws InterruptedException {
    errors = 0.5;
    run();
    assertThat(acts).doesNotContain("inject").contains("load ends", "audit");
    assertThat(aborts()).singleElement().asString().contains("not healthy");
  }

  @Test
  void theBaselineWaitsUntilTheServiceHasSettled() throws InterruptedException {
    errors = 0.5;
    settlesAfterLooks = 3;
    run();
    assertThat(acts).containsSubsequence("load", "inject", "revert");
    assertThat(aborts()).isEmpty();
  }

  @Test
  void aFaultWithoutEffectIsUndoneAtOnce() throws InterruptedException {
    effect = false;
    run();
    assertThat(acts).containsSubsequence("inject", "revert", "load ends");
    assertThat(phases()).doesNotContain("observe");
  }

  @Test
  void anAbortUndoesTheFaultAndDoesNotWaitForRecovery() throws InterruptedException {
    Thread.ofVirtual().start(this::abortOnceInjected);
    run();
    assertThat(acts).containsSubsequence("inject", "revert: by the test", "load ends", "audit");
    assertThat(phases()).doesNotContain("recover");
    assertThat(aborts()).containsExactly("by the test");
  }

  @Test
  void aRunThatFailsIsUndoneSaysSoAndLeavesNoPods() {
    failing = true;
    assertThatThrownBy(this::run).hasMessage("broken");
    assertThat(acts).containsSubsequence("inject", "revert", "load ends", "leave");
    assertThat(aborts()).containsExactly("it failed: broken");
    assertThat(events().getLast()).isInstanceOf(Event.RunEnded.class);
  }

  @Test
  void aRuleThatHoldsBeforeTheFaultForbidsIt() throws InterruptedException {
    abortWhen = List.of(always(AbortRule.When.SOT));
    run();
    assertThat(acts).contains("load ends", "audit").doesNotContain("inject");
    assertThat(aborts()).singleElement().asString().contains("before the first fault");
  }

  @Test
  void aRuleThatHoldsAtTheEndIsAnAbortOfARunThatIsUndone() throws InterruptedException {
    abortWhen = List.of(always(AbortRule.When.EOT));
    run();
    assertThat(acts).containsSubsequence("inject", "revert", "load ends");
    assertThat(aborts()).singleElement().asString().contains("at the end");
  }

  private static AbortRule always(AbortRule.When mode) {
    return new AbortRule(new AbortRule.Command(List.of("false")), mode, Duration.ZERO);
  }

  @Test
  void observersBeginBeforeTheLoadAreWaitedForUnderLoadAndAskedAfterIt()
      throws InterruptedException {
    observers = List.of(new Watcher(null));
    run();
    assertThat(acts)
        .containsSubsequence(
            "observer begins",
            "load",
            "inject",
            "revert",
            "settled?",
            "settled?",
            "load ends",
            "observer ends",
            "audit");
    assertThat(phases()).containsSubsequence("recover", "verify", "audit");
  }

  @Test
  void anAbortedRunAsksItsObserversWithoutWaiting() throws InterruptedException {
    observers = List.of(new Watcher(null));
    Thread.ofVirtual().start(this::abortOnceInjected);
    run();
    assertThat(acts).contains("observer ends").doesNotContain("settled?");
  }

  @Test
  void anObserverThatFailsIsWrittenDownAndHarmsNobody() throws InterruptedException {
    observers = List.of(new Watcher("nobody listens"), new Watcher(null));
    run();
    assertThat(acts).contains("observer ends", "audit");
    assertThat(events())
        .anyMatch(e ->
            e instanceof Event.NotObserved n
                && n.what().equals("watcher")
                && n.why().equals("nobody listens"));
    assertThat(aborts()).isEmpty();
  }

  private void abortOnceInjected() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> acts().contains("inject"));
    abort.request("by the test");
  }

  private synchronized List<String> acts() {
    return List.copyOf(acts);
  }

  private synchronized void act(String act) {
    acts.add(act);
  }

  /** Time is shortened: what the drill calls seconds are hundredths here. */
  private Drill drill() {
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
            l.model()),
        List.of(
            new Fault(
                f.kind(),
                f.mode(),
                f.selector(),
                Duration.ofMillis(300),
                f.ttl(),
                f.after(),
                f.times(),
                f.every(),
                f.follow(),
                f.pointer())),
        d.abortWhen(),
        d.protect(),
        d.agentImage(),
        d.expect(),
        d.report());
  }

  private void run() throws InterruptedException {
    RunState state = new RunState();
    var silent = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (Console console = new Console(silent, false, true, Clock.systemUTC());
        Journal journal = Journal.open(folder);
        AbortProbes probes = new AbortProbes(new Load(), Optional.empty())) {
      Recorder recorder = new Recorder(journal, state, console, abort);
      new DrillRun(
              drill(),
              new Cluster(),
              new Load(),
              _ -> (_, _, _) -> List.of(new Ports.Victim("n", new Disturbed(recorder))),
              new Observers(observers, recorder, Clock.systemUTC()),
              new AbortRules(abortWhen, probes, Clock.systemUTC(), abort),
              recorder,
              state,
              console,
              abort,
              Clock.systemUTC(),
              new DrillRun.Pace(Duration.ZERO, SETTLED, Duration.ZERO),
              force)
          .run("r", Map.of());
    }
  }

  private List<Event> events() {
    return TimelineFile.read(folder).events();
  }

  private List<String> phases() {
    return events().stream()
        .filter(e -> e instanceof Event.PhaseStarted)
        .map(e -> ((Event.PhaseStarted) e).phase())
        .toList();
  }

  private List<String> aborts() {
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
      Stamp now = Stamp.engine(Clock.systemUTC().instant());
      timeline.accept(new Event.FaultArmed(now, "f", "NodeShutdown", "n", now.at(), Map.of()));
      act("inject");
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
      Stamp now = Stamp.engine(Clock.systemUTC().instant());
      timeline.accept(new Event.MilestoneReached(now, Milestone.NODE_READY, "node/n", Map.of()));
      timeline.accept(new Event.FaultReverted(now, "f", Map.of()));
      return true;
    }
  }

  private final class Watcher implements Observer {
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
    public void deploy(Progress progress) {
      act("deploy");
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
        public void victimNode(String node) {
          act("victim " + node);
        }

        @Override
        public void victimPod(String name) {
          act("victim " + name);
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
    public Ports.Audit audit() {
      act("audit");
      return new Ports.Audit(List.of(), List.of());
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
