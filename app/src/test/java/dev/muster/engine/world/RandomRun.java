package dev.muster.engine.world;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.time.Time;
import dev.muster.engine.after.Undo;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.AbortProbes;
import dev.muster.engine.run.AbortRules;
import dev.muster.engine.run.DrillRun;
import dev.muster.engine.run.Observers;
import dev.muster.engine.run.Recorder;
import dev.muster.engine.run.RunState;
import dev.muster.engine.time.VirtualTime;
import dev.muster.engine.wiring.NoLoad;
import dev.muster.timeline.Event;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.JournalException;
import dev.muster.timeline.file.TimelineFile;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One random drill in one random world, from its start to the last undo, and what was wrong. */
final class RandomRun {
  /** A run of a drill of any shape ends in this time, whatever goes wrong. */
  private static final Duration LONGEST = Duration.ofHours(6);

  private static final PrintStream SILENT =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  /** What befalls a run at one of its events. */
  private enum Blow {
    ABORT,
    KILL_BEFORE,
    KILL_AFTER,
    DISK_FULL,
    FREEZE,
    SUSPEND,
    STEP_BACK,
    STEP_FORWARD,
    AWAY_SHORT,
    AWAY_LONG,
    BLIND,
    AGENT_DIES,
    AGENT_AND_UNDO_DIE,
    NOTHING
  }

  private final long seed;
  private final Path folder;
  private final Random random;
  private final VirtualTime time;
  private final World world;
  private final LaterMuster laterMuster;
  private final Drill drill;
  private final Map<Integer, Blow> blows = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();
  private final Map<String, Event.FaultArmed> armed = new HashMap<>();
  private final Abort abort;
  private int events;
  private boolean killed;
  private List<Request> ledger = List.of();
  private List<String> findings = List.of();
  private @Nullable Throwable end;
  @Nullable Status status;

  RandomRun(long seed, Path folder) {
    this.seed = seed;
    this.folder = folder;
    random = new Random(seed);
    drill = new RandomDrill(random).drill();
    time = new VirtualTime(random.nextLong(), LONGEST.multipliedBy(2));
    world = new World(time, random);
    laterMuster = new LaterMuster(world);
    abort = new Abort(time);
    if (random.nextInt(3) == 0) {
      World.Provider[] all = World.Provider.values();
      world.provider = all[random.nextInt(all.length)];
    }
    for (int n = random.nextInt(5) - 1; n > 0; n--) {
      Blow[] all = Blow.values();
      blows.put(1 + random.nextInt(60), all[random.nextInt(all.length)]);
    }
  }

  /** Empty where everything was as it must be. */
  List<String> violations() throws InterruptedException {
    try (time) {
      time.run(this::play);
      time.failures.forEach(f -> wrong.add("an exception escaped: " + text(f)));
    }
    return wrong.stream().map(w -> "seed " + seed + ": " + w + "\n  " + this).toList();
  }

  private void play() {
    try {
      Time.Work muster = time.startMortal("muster", this::run);
      if (!muster.join(LONGEST)) {
        wrong.add("it did not end: " + time.picture());
      }
      if (time.elapsed().compareTo(bound()) > 0) {
        wrong.add("it took " + time.elapsed() + ", longer than " + bound());
      }
      time.kill(); // the process ends, and with it whatever it began
      time.sleep(Duration.ofSeconds(1));
      judge();
      time.sleep(Duration.ofNanos(world.between(0, 600)));
      world.heal();
      later();
      time.sleep(longest());
      List<String> left = world.left();
      if (!left.isEmpty()) {
        wrong.add("left after cleanup and ttl: " + left);
      }
    } catch (InterruptedException e) {
      wrong.add("the driver was interrupted");
    }
  }

  /**
   * What the drill asks for, and for each fault what its engine waits for at most: a node that does
   * not come back, an agent that is not heard until after its ttl.
   */
  private Duration bound() {
    Duration bound = Duration.ofMinutes(30).plus(Step.expected(new Step.Serial(drill.steps())));
    for (Fault fault : drill.faults()) {
      Duration ttl = fault.ttl() == null ? Duration.ZERO : fault.ttl();
      Duration once = ttl.plus(fault.lasting()).plus(Duration.ofMinutes(15));
      bound = bound.plus(once.multipliedBy(times(fault)));
    }
    for (Blow blow : blows.values()) {
      bound = bound.plus(blow == Blow.SUSPEND ? Duration.ofMinutes(10) : Duration.ofMinutes(1));
    }
    return bound;
  }

  private static int times(Fault fault) {
    boolean repeated = fault.kind() instanceof ProcessKill || fault.kind() instanceof PodKill;
    return repeated ? 60 : fault.times();
  }

  private Duration longest() {
    return drill.faults().stream()
        .map(Fault::ttl)
        .filter(java.util.Objects::nonNull)
        .max(Duration::compareTo)
        .orElse(Duration.ofMinutes(1))
        .plusMinutes(2);
  }

  private void run() {
    RunState state = new RunState();
    try (Journal journal = Journal.open(folder);
        Console console = new Console(SILENT, () -> 0, true, time)) {
      Recorder recorder =
          new Recorder(
              event -> {
                written(event, journal);
                told(event);
              },
              this::check,
              state,
              console,
              abort);
      WorldLoad load = new WorldLoad(world, recorder, random.nextInt(20) == 0 ? 0.5 : 0);
      try (AbortProbes probes = new AbortProbes(load, Optional.empty())) {
        new DrillRun(
                drill,
                new WorldCluster(world),
                drill.load() == null ? new NoLoad() : load,
                _ -> new WorldFaults(world, recorder),
                new Observers(List.of(), recorder, time),
                new AbortRules(drill.abortWhen(), probes, time, abort),
                recorder,
                Map::of,
                state,
                console,
                abort,
                time,
                DrillRun.PACE,
                false)
            .run("r", Map.of());
      } finally {
        ledger = load.ledger;
      }
    } catch (Refusal | JournalException | ClusterException e) {
      end = e; // told to the user in a sentence
    } catch (VirtualTime.Killed e) {
      throw e;
    } catch (RuntimeException | InterruptedException e) {
      end = e;
      wrong.add("the run ended with " + text(e));
    }
  }

  private void check() {
    if (world.diskFull) {
      throw new JournalException("can not write: the disk is full");
    }
  }

  private synchronized void written(Event event, Journal journal) {
    world.alive();
    Blow blow = blows.getOrDefault(++events, Blow.NOTHING);
    if (blow == Blow.KILL_BEFORE) {
      die();
    }
    check();
    journal.append(event);
    befall(blow);
  }

  private void die() {
    killed = true;
    time.kill();
    throw new VirtualTime.Killed();
  }

  private void befall(Blow blow) {
    switch (blow) {
      case ABORT -> abort.request("by chance");
      case KILL_AFTER -> die();
      case DISK_FULL -> world.diskFull = true;
      case FREEZE -> time.freeze(Duration.ofSeconds(60));
      case SUSPEND -> time.suspend(Duration.ofMinutes(10));
      case STEP_BACK -> time.step(Duration.ofHours(-1));
      case STEP_FORWARD -> time.step(Duration.ofHours(1));
      case AWAY_SHORT -> world.away(Duration.ofSeconds(8));
      case AWAY_LONG -> world.away(Duration.ofSeconds(60));
      case BLIND -> world.blind(Duration.ofSeconds(30));
      case AGENT_DIES -> world.agents.forEach(a -> a.die(false));
      case AGENT_AND_UNDO_DIE -> world.agents.forEach(a -> a.die(true));
      case KILL_BEFORE, NOTHING -> {
        // nothing here
      }
    }
  }

  /** What is claimed is compared with what is. */
  private synchronized void told(Event event) {
    switch (event) {
      case Event.FaultArmed e -> armed.put(e.fault(), e);
      case Event.FaultReverted e -> {
        Event.FaultArmed fault = armed.get(e.fault());
        if (fault != null && world.inEffect(fault)) {
          wrong.add("said to be undone and is in effect: " + fault.kind() + " " + e);
        }
      }
      default -> {
        // claims nothing about a fault's end
      }
    }
  }

  private void judge() {
    TimelineFile file = TimelineFile.read(folder);
    if (file.torn()) {
      wrong.add("the journal is torn");
    }
    List<Event> all = file.events();
    boolean ended = !all.isEmpty() && all.getLast() instanceof Event.RunEnded;
    if (!killed && end == null && !ended) {
      wrong.add("the run ended without its end");
    }
    Verdict verdict = Verdict.of(new History(drill, all, ledger, List.of()));
    status = verdict.status();
    findings =
        verdict.findings().stream()
            .filter(f -> f.status() != Status.PASS)
            .map(f -> f.check() + ": " + f.sentence())
            .toList();
    if (status != Status.PASS) {
      return;
    }
    if (!ended || end != null) { // one that is killed after its last event is whole
      wrong.add("PASS of a run that was not carried through");
    }
    for (Event.FaultArmed fault : only(all, Event.FaultArmed.class)) {
      if (only(all, Event.FaultVerified.class).stream()
          .noneMatch(e -> e.fault().equals(fault.fault()))) {
        wrong.add("PASS and nobody saw " + fault);
      }
      if (only(all, Event.FaultReverted.class).stream()
          .noneMatch(e -> e.fault().equals(fault.fault()))) {
        wrong.add("PASS and nobody saw the end of " + fault);
      }
    }
    if (drill.load() != null && only(all, Event.LoadEnded.class).isEmpty()) {
      wrong.add("PASS without the load's end");
    }
    if (!world.left().isEmpty()) {
      wrong.add("PASS and left: " + world.left());
    }
  }

  /** Resume, and the cleanup of the cluster. */
  private void later() throws InterruptedException {
    try (Journal journal = Journal.open(folder)) {
      List<Event> all = TimelineFile.read(folder).events();
      List<Event.FaultArmed> pending = Undo.pending(all);
      world.mend();
      for (Event.FaultArmed fault : only(all, Event.FaultArmed.class)) {
        if (fault.kind().equals("NodeShutdown")
            && (pending.contains(fault) || laterMuster.off(fault))) {
          undone(fault, journal);
        }
      }
      time.sleep(Duration.ofMinutes(1));
      world.clean();
      for (Event.FaultArmed fault : pending) {
        if (!fault.kind().equals("NodeShutdown")) {
          undone(fault, journal);
        }
      }
      if (all.stream().noneMatch(e -> e instanceof Event.RunEnded)) {
        journal.append(new Event.RunAborted(Stamp.engine(time.instant()), "killed"));
        journal.append(new Event.RunEnded(Stamp.engine(time.instant())));
      }
    }
    if (TimelineFile.read(folder).torn()) {
      wrong.add("the journal is torn after resume");
    }
  }

  private void undone(Event.FaultArmed fault, Journal journal) throws InterruptedException {
    if (!laterMuster.undo(fault, journal::append)) {
      wrong.add("a later Muster could not undo " + fault);
    }
  }

  private static <E extends Event> List<E> only(List<Event> all, Class<E> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static String text(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    for (StackTraceElement at : thrown.getStackTrace()) {
      if (at.getClassName().startsWith("dev.muster")) {
        text.append("\n      at ").append(at);
      }
    }
    return text.toString();
  }

  /** For whoever looks for the cause. */
  @Override
  public String toString() {
    return "blows %s, provider %s, %d events, ended at %s with %s, verdict %s %s\n  %s"
        .formatted(
            blows,
            world.provider,
            events,
            time.elapsed(),
            end == null ? "no error" : end.getMessage(),
            status,
            findings,
            drill.steps());
  }
}
