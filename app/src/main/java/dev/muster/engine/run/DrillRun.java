package dev.muster.engine.run;

import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.time.Time;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.JournalException;
import dev.muster.verdict.check.fault.RecoveredCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The phases of one run, from preflight to audit. Whatever happens after the fault is armed, the
 * revert is tried; whatever happens at all, the timeline ends with {@code RunEnded} if the disk
 * allows.
 */
public final class DrillRun {
  /** The usual lengths. */
  public static final Pace PACE =
      new Pace(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(10));

  /** A kubelet that is let speak again does so within 10 s; one that starts takes longer. */
  private static final Duration RETURN = Duration.ofMinutes(1);

  /** How long the recovery may take where the drill does not say. */
  public static final Duration RECOVERY = Duration.ofMinutes(5);

  private final Drill drill;
  private final Ports.Cluster cluster;
  private final Ports.Load load;
  private final Function<Ports.Watch, Ports.Faults> faults;
  private final Observers observers;
  private final AbortRules rules;
  private final Recorder recorder;
  private final Supplier<Map<String, String>> seal;
  private final RunState state;
  private final Console console;
  private final Abort abort;
  private final Waiting waiting;
  private final Health health;
  private final boolean force;
  private final Time time;
  private final Pace pace;
  private final Phased course;
  private @Nullable String current;
  private boolean begun;
  private boolean disturbed;

  /**
   * Lengths of what the drill file does not say.
   *
   * @param settle so long no request may fail before the baseline begins: a service whose pods are
   *     ready before they can serve, or whose clients find cold caches, is given time
   * @param settleAtMost so long that is waited for; then the baseline shows what is wrong
   * @param steady load goes on so long after recovery: the report should show that it held
   */
  public record Pace(Duration settle, Duration settleAtMost, Duration steady) {}

  /**
   * @param faults makes the drill's faults
   * @param observers who watch beside the cluster; closed by whoever made them
   * @param rules that end the drill early; not looked at any more when the load ends
   * @param seal completes the files beside the timeline and gives the hash of each; asked once,
   *     when nothing is written into them any more
   * @param force goes on although preflight refuses; the report says so
   */
  public DrillRun(
      Drill drill,
      Ports.Cluster cluster,
      Ports.Load load,
      Function<Ports.Watch, Ports.Faults> faults,
      Observers observers,
      AbortRules rules,
      Recorder recorder,
      Supplier<Map<String, String>> seal,
      RunState state,
      Console console,
      Abort abort,
      Time time,
      Pace pace,
      boolean force) {
    this.drill = drill;
    this.cluster = cluster;
    this.load = load;
    this.faults = faults;
    this.observers = observers;
    this.rules = rules;
    this.recorder = recorder;
    this.seal = seal;
    this.state = state;
    this.console = console;
    this.abort = abort;
    this.waiting = new Waiting(abort, time);
    this.force = force;
    this.health = new Health(load, waiting, pace, drill.deploy() != null);
    this.course = new Phased();
    this.time = time;
    this.pace = pace;
  }

  /**
   * Runs to the end.
   *
   * @throws Refusal before anything is touched, if preflight says no
   */
  public void run(String id, Map<String, String> environment) throws InterruptedException {
    recorder.accept(new Event.RunStarted(now(), id, drill.metadata().name(), environment));
    try (Heartbeat _ = new Heartbeat(time, recorder, recorder::look).start()) {
      abort.interrupts(this::prepare);
      begun = true;
      try (Ports.Watch watch = cluster.watch(recorder)) {
        console.live(() -> load.line() + "  " + watch.nodeStates());
        disturb(new StepRunner(faults.apply(watch), waiting, recorder, time, course));
      } finally {
        console.live(() -> "");
      }
      verify();
      phase("audit", Duration.ZERO);
      Ports.Audit audit = cluster.audit(state.nodes());
      recorder.accept(
          new Event.ResidueAudited(
              now(), audit.residue(), audit.notLookedAt(), audit.passedOver()));
      endPhase(null);
    } catch (InterruptedException | RuntimeException e) {
      failed(e);
      String why = abort.reason();
      if (why != null && !begun && !(e instanceof Refusal)) {
        throw new Refusal(ExitCode.ENVIRONMENT, why + ", before any fault: nothing was disturbed");
      }
      throw e;
    } finally {
      end();
    }
  }

  /** What cannot be sealed has ended all the same. */
  private void end() {
    try {
      recorder.accept(new Event.RunEnded(now(), seal.get()));
    } catch (JournalException e) {
      recorder.accept(new Event.RunEnded(now()));
      throw e;
    }
  }

  private void prepare() throws InterruptedException {
    phase("prepare", Duration.ZERO);
    cluster.hold(abort, console);
    cluster.deploy(console);
    phase("preflight", Duration.ZERO);
    preflight();
  }

  /** What a later report judges must not pass for a whole run, and a full disk leaves no pods. */
  private void failed(Exception e) throws InterruptedException {
    try {
      endPhase(String.valueOf(e.getMessage()));
      if (disturbed && abort.reason() == null) {
        recorder.accept(new Event.RunAborted(now(), "it failed: " + e.getMessage()));
      }
    } finally {
      cluster.leave();
    }
  }

  private void preflight() throws InterruptedException {
    Ports.Preflight preflight = cluster.preflight();
    preflight.notes().forEach(console::say);
    if (!preflight.refusals().isEmpty()) {
      String why = String.join("\n  ", preflight.refusals());
      if (!force) {
        throw new Refusal(
            ExitCode.ENVIRONMENT,
            "refused in preflight, no fault was injected:\n  "
                + why
                + "\n  (--force goes on all the same, and the report says so)");
      }
      console.say("going on by --force although preflight refuses:\n  " + why);
      recorder.accept(new Event.PreflightForced(now(), preflight.refusals()));
    }
    console.say("victims: " + String.join(", ", preflight.victims()));
  }

  private void disturb(StepRunner steps) throws InterruptedException {
    cluster.observeSettings(recorder);
    observers.begin();
    load.start();
    try {
      if (ready() && allowed()) {
        rules.start();
        disturbed = true;
        course.begun = time.instant();
        steps.run(drill.steps());
        finish(steps);
      }
    } catch (InterruptedException | RuntimeException e) {
      steps.revertAll(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      rules.close();
      Drill.Load asked = drill.load();
      load.stop(asked == null ? Duration.ZERO : asked.timeout());
      String why = abort.reason();
      if (why != null) {
        recorder.accept(new Event.RunAborted(now(), why));
      }
    }
  }

  /** No rule of the drill's forbids even to begin. */
  private boolean allowed() throws InterruptedException {
    rules.atStart();
    return abort.reason() == null;
  }

  /** The service has settled and answers; without a load nobody asked it. */
  private boolean ready() throws InterruptedException {
    Drill.Load asked = drill.load();
    if (asked == null) {
      return abort.reason() == null;
    }
    phase("settle", pace.settle());
    if (!health.settles()) {
      return false;
    }
    phase("baseline", asked.baseline());
    return waiting.pass(asked.baseline()) && health.steady(asked.baseline());
  }

  /**
   * The phases of a fault that is done once are told apart, and holds around it; of several they
   * overlap.
   */
  private final class Phased implements StepRunner.Phases {
    private final boolean single =
        drill.faults().size() == 1 && StepRunner.count(drill.faults().getFirst()) == 1;
    private Instant begun = Instant.MAX;
    private boolean active;

    @Override
    public synchronized void waits(Duration length) {
      if (!active && !state.undoPending()) {
        phase("hold", length);
      }
    }

    @Override
    public synchronized void begins(Fault fault) {
      if (!active) {
        active = true;
        phase("inject", Duration.ofSeconds(20));
      }
    }

    @Override
    public synchronized void held(Fault fault, Duration left) {
      Duration rest = single ? left : expected();
      if ("inject".equals(current) && rest.isPositive()) {
        phase("observe", rest);
      }
    }

    @Override
    public synchronized void ending(Fault fault) {
      if (single) {
        active = false;
        if (state.undoPending()) {
          phase("revert", Duration.ofSeconds(10));
        }
      }
    }

    /** What is left of all steps. */
    private Duration expected() {
      return Step.expected(new Step.Serial(drill.steps()))
          .minus(Duration.between(begun, time.instant()));
    }
  }

  private void finish(StepRunner steps) throws InterruptedException {
    if (state.undoPending()) {
      phase("revert", Duration.ofSeconds(10));
    }
    String why = abort.reason();
    boolean reverted = steps.revertAll(why == null ? "duration is over" : why);
    if (reverted && why == null) {
      Instant undone = time.instant();
      rules.undone();
      recover();
      rules.atEnd();
      awaitObservers(undone);
    } else if (reverted) {
      returned();
    }
  }

  /**
   * Of an aborted run: a node that is on its way back is no residue, and no stop is any faster. Nor
   * is one without a fault, as where an API server was away and no node could renew its lease.
   */
  private void returned() throws InterruptedException {
    new Waiting(new Abort(time), time)
        .until(
            () ->
                state
                        .objects(Milestone.NODE_READY)
                        .containsAll(state.objects(Milestone.NODE_NOT_READY))
                    && cluster.nodesBack(),
            RETURN);
  }

  /** The load goes on meanwhile: an alert about requests resolves by requests that succeed. */
  private void awaitObservers(Instant undone) throws InterruptedException {
    if (!observers.none()) {
      phase("verify", Duration.ZERO);
      waiting.until(
          () -> observers.settled(Duration.between(undone, time.instant())), Observers.PATIENCE);
    }
  }

  /** Also after an abort: what was seen until then may say why. */
  private void verify() throws InterruptedException {
    if (!observers.none()) {
      if (!"verify".equals(current)) {
        phase("verify", Duration.ZERO);
      }
      observers.end();
    }
  }

  private void recover() throws InterruptedException {
    Duration atMost = RecoveredCheck.WITHIN.in(drill, RECOVERY);
    phase("recover", Duration.ofSeconds(30));
    BooleanSupplier recovered =
        () ->
            (state.reached(Milestone.NODE_READY) || !state.reached(Milestone.NODE_NOT_READY))
                && state.replacementsReady()
                && (!state.reached(Milestone.LOAD_BALANCER_REMOVED)
                    || state.reached(Milestone.LOAD_BALANCER_ADDED))
                && cluster.whole();
    if (waiting.until(recovered, atMost) == Waiting.End.MET) {
      endPhase(null);
      waiting.pass(pace.steady());
    } else {
      String why = "not recovered within " + atMost.toSeconds() + " s";
      endPhase(why);
      console.say(why);
    }
  }

  private void phase(String name, Duration expected) {
    endPhase(null);
    current = name;
    recorder.accept(new Event.PhaseStarted(now(), name));
    console.phase(name, expected);
  }

  private void endPhase(@Nullable String failure) {
    String ended = current;
    if (ended != null) {
      current = null;
      recorder.accept(new Event.PhaseEnded(now(), ended, failure));
    }
  }

  private Stamp now() {
    return Stamp.engine(time.instant());
  }
}
