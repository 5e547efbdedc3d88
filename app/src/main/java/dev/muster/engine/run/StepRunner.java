package dev.muster.engine.run;

import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.time.Time;
import dev.muster.fault.FaultInjection;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of a drill: serial, parallel, held, repeated. A fault that had no effect,
 * or an abort, ends what follows; whatever happens, what was begun is undone before this returns.
 */
final class StepRunner {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Ports.Faults faults;
  private final Waiting waiting;
  private final Consumer<Event> timeline;
  private final Time time;
  private final Phases phases;
  private final List<FaultInjection> begun = new CopyOnWriteArrayList<>();
  private final AtomicInteger unseen = new AtomicInteger();

  /** What the run makes of it, for its phases. */
  interface Phases {
    /** Nothing is done for so long, by this step. */
    void waits(Duration length);

    /** A fault's turn has come. */
    void begins(Fault fault);

    /** All victims of a fault were seen to be hit; it is held for so long, a kill for no time. */
    void held(Fault fault, Duration left);

    /** A fault's time is over. */
    void ending(Fault fault);
  }

  StepRunner(
      Ports.Faults faults, Waiting waiting, Consumer<Event> timeline, Time time, Phases phases) {
    this.faults = faults;
    this.waiting = waiting;
    this.timeline = timeline;
    this.time = time;
    this.phases = phases;
  }

  /** True if every step was carried out and every fault was seen. */
  boolean run(List<Step> steps) throws InterruptedException {
    for (Step step : steps) {
      if (!run(step)) {
        return false;
      }
    }
    return true;
  }

  /** Undoes what is not undone yet; true if nothing is left. */
  boolean revertAll(String why) {
    boolean all = true;
    for (FaultInjection disturbance : begun.reversed()) {
      all &= reverted(disturbance, why);
    }
    return all;
  }

  /** What goes wrong with one undo must not keep others from theirs. */
  private boolean reverted(FaultInjection disturbance, String why) {
    try {
      return disturbance.revert(why);
    } catch (RuntimeException e) {
      tell(
          new Event.FaultRevertUnseen(
              Stamp.engine(time.instant()), disturbance.id(), String.valueOf(e.getMessage())));
      return false;
    }
  }

  /** A full disk is no reason to leave a fault. */
  private void tell(Event event) {
    try {
      timeline.accept(event);
    } catch (RuntimeException e) {
      System.err.println("muster: can not write to the timeline: " + e.getMessage());
    }
  }

  private boolean run(Step step) throws InterruptedException {
    return switch (step) {
      case Step.Hold hold -> pass(hold.duration());
      case Step.Serial serial -> run(serial.steps());
      case Step.Parallel parallel ->
          together(parallel.steps().stream().map(s -> (Callable<Boolean>) () -> run(s)).toList());
      case Fault fault -> times(fault);
    };
  }

  private boolean pass(Duration length) throws InterruptedException {
    if (length.isPositive()) {
      phases.waits(length);
    }
    return waiting.pass(length);
  }

  private boolean times(Fault fault) throws InterruptedException {
    if (!pass(fault.after())) {
      return false;
    }
    Duration every = every(fault);
    int times = count(fault);
    for (int nth = 1; nth <= times; nth++) {
      long began = time.nanos();
      if (!once(fault, nth)) {
        return false;
      }
      Duration left = every.minusNanos(time.nanos() - began);
      if (nth < times && !waiting.pass(left.isNegative() ? Duration.ZERO : left)) {
        return false;
      }
    }
    return true;
  }

  /** A kill may be repeated inside of its own duration. */
  private static Duration every(Fault fault) {
    Duration inside = fault.kind().every();
    return inside == null ? fault.every() : inside;
  }

  /** How often it is done. */
  static int count(Fault fault) {
    Duration every = every(fault);
    return fault.kind().is(Trait.INSTANT) && fault.duration() != null && !every.isZero()
        ? Math.max(1, (int) (fault.lasting().toMillis() / every.toMillis()))
        : fault.times();
  }

  private boolean once(Fault fault, int nth) throws InterruptedException {
    Set<ObjectRef.Victim> taken = new HashSet<>();
    List<FaultInjection> ours = new ArrayList<>();
    boolean instant = fault.kind().is(Trait.INSTANT);
    Duration lasting = instant && !fault.follow() ? Duration.ZERO : fault.lasting();
    long began = time.nanos();
    phases.begins(fault);
    try {
      if (!begin(fault, nth, taken, ours)) {
        return false;
      }
      Duration left =
          fault.kind().is(Trait.GRADUAL)
              ? lasting // from when it was seen to be done
              : lasting.plus(arming(ours)).minusNanos(time.nanos() - began);
      phases.held(fault, left.isNegative() ? Duration.ZERO : left);
      return hold(fault, nth, taken, ours, left) && !waiting.aborted();
    } finally {
      try {
        phases.ending(fault);
      } finally {
        end(ours);
      }
    }
  }

  /** A fault lasts from the injection on, that of its last victim. */
  private static Duration arming(List<FaultInjection> ours) {
    return ours.stream()
        .map(FaultInjection::arming)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** For so long, looked at meanwhile; newcomers are taken as well where that is asked for. */
  private boolean hold(
      Fault fault, int nth, Set<ObjectRef.Victim> taken, List<FaultInjection> ours, Duration left)
      throws InterruptedException {
    long until = time.nanos() + left.toNanos();
    while (true) {
      long remaining = until - time.nanos();
      if (remaining <= 0 || !waiting.pass(min(LOOK, Duration.ofNanos(remaining)))) {
        return true;
      }
      look(ours);
      if (fault.follow() && !begin(fault, nth, taken, ours)) {
        return false;
      }
    }
  }

  /**
   * Whether the effects are still there; all at once, for one that is slow must not hide others.
   */
  private void look(List<FaultInjection> ours) throws InterruptedException {
    together(
        ours.stream()
            .map(d ->
                (Callable<Boolean>)
                    () -> {
                      d.look();
                      return true;
                    })
            .toList());
  }

  /** Chooses and injects; false if somebody's effect was not seen. No newcomer is no failure. */
  private boolean begin(
      Fault fault, int nth, Set<ObjectRef.Victim> taken, List<FaultInjection> ours)
      throws InterruptedException {
    List<Ports.Victim> victims;
    try {
      victims = faults.choose(fault, nth, taken);
    } catch (RuntimeException e) {
      if (!taken.isEmpty()) {
        return true;
      }
      return nobody(fault, String.valueOf(e.getMessage()));
    }
    if (victims.isEmpty() && taken.isEmpty()) {
      return nobody(fault, "nobody was chosen");
    }
    List<Callable<Boolean>> work = new ArrayList<>();
    for (Ports.Victim victim : victims) {
      taken.add(victim.object());
      ours.add(victim.disturbance());
      begun.add(victim.disturbance());
      work.add(victim.disturbance()::inject);
    }
    if (work.isEmpty() || !fault.kind().is(Trait.GRADUAL)) {
      return together(work);
    }
    return underAbort(work, ours);
  }

  /** What may take minutes until it is seen is undone as soon as an abort is asked for. */
  private boolean underAbort(List<Callable<Boolean>> work, List<FaultInjection> ours)
      throws InterruptedException {
    List<FaultInjection> all = List.copyOf(ours);
    AtomicBoolean seen = new AtomicBoolean();
    time.start(
        "abort-of-" + all.getFirst().id(),
        () -> {
          if (waiting.untilAbort(seen::get)) {
            String why = String.valueOf(waiting.why());
            all.forEach(d -> reverted(d, why));
          }
        });
    try {
      return together(work);
    } finally {
      seen.set(true); // it ends by itself, for an undo that has begun must not be interrupted
    }
  }

  /** A fault that found no victim disturbed nobody: that is no success. */
  private boolean nobody(Fault fault, String why) {
    timeline.accept(
        new Event.FaultNotVerified(
            Stamp.engine(time.instant()),
            fault.kind().word() + "-" + unseen.incrementAndGet(),
            "nobody to disturb: " + why));
    return false;
  }

  /** All are tried at once, and no interrupt, as of Ctrl-C, keeps one from its end. */
  private void end(List<FaultInjection> ours) {
    String asked = waiting.why();
    String why = asked == null ? "duration is over" : asked;
    boolean interrupted = Thread.interrupted();
    List<Time.Work> undos =
        ours.stream().map(d -> time.start("undo-" + d.id(), () -> reverted(d, why))).toList();
    for (Time.Work undo : undos) {
      interrupted |= joined(undo);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for the end of work that has its own limits; true if there was an interrupt meanwhile.
   */
  private static boolean joined(Time.Work work) {
    boolean interrupted = false;
    while (true) {
      try {
        if (work.join(LOOK)) {
          return interrupted;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /** All at once, to the end of the last; true if all said so. An interrupt is handed on to all. */
  private boolean together(List<Callable<Boolean>> work) throws InterruptedException {
    if (work.size() == 1) {
      return call(work.getFirst());
    }
    List<Branch> branches = work.stream().map(Branch::new).toList();
    List<Time.Work> begun = branches.stream().map(b -> time.start("branch", b)).toList();
    boolean interrupted = false;
    for (Time.Work branch : begun) {
      while (true) {
        try {
          if (branch.join(LOOK)) {
            break;
          }
        } catch (InterruptedException e) {
          interrupted = true;
          begun.forEach(Time.Work::interrupt);
        }
      }
    }
    if (interrupted) {
      throw new InterruptedException("interrupted while steps went on together");
    }
    boolean all = true;
    for (Branch branch : branches) {
      all &= branch.done();
    }
    return all;
  }

  /** One of several that go on at the same time, and what became of it. */
  private static final class Branch implements Runnable {
    private final Callable<Boolean> work;
    private volatile boolean done;
    private volatile @Nullable RuntimeException failure;

    Branch(Callable<Boolean> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        done = call(work);
      } catch (InterruptedException e) {
        done = false; // whoever interrupted it knows
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    boolean done() {
      RuntimeException thrown = failure;
      if (thrown != null) {
        throw thrown;
      }
      return done;
    }
  }

  private static boolean call(Callable<Boolean> one) throws InterruptedException {
    try {
      return one.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable e) {
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
