package dev.muster.deepseek.worker;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.group.Group;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.worker.profile.MachineClock;
import dev.muster.deepseek.worker.profile.Speed;
import java.time.Duration;
import java.util.Optional;

/**
 * The modelled machine: one loop that takes the time of each step. What a step computes is the
 * {@link Scheduler}'s matter, how long it takes that of {@link Speed}.
 *
 * <p>{@link #submit} may be called by any thread.
 */
final class Engine implements AutoCloseable {
  /** How often an engine that is stuck looks whether it still is. */
  private static final long STUCK = Duration.ofMillis(20).toNanos();

  private final Speed speed;
  private final WorkerMetrics metrics;
  private final MachineClock clock;
  private final Faults faults;
  private final Group group;

  /** Guards itself, {@link #away}, {@link #closed} and {@link #produced}. */
  private final Scheduler scheduler;

  private boolean away;
  private boolean closed;
  private long produced;
  private final Thread loop = Thread.ofPlatform().daemon().name("engine").unstarted(this::run);

  // Of the loop alone
  private long due;
  private boolean idle = true;

  /**
   * @param group whoever has a part in each step
   */
  Engine(
      Speed speed,
      int maxWaiting,
      WorkerMetrics metrics,
      MachineClock clock,
      Group group,
      Faults faults) {
    this.faults = faults;
    this.speed = speed;
    this.metrics = metrics;
    this.clock = clock;
    this.group = group;
    scheduler = new Scheduler(speed, maxWaiting, metrics);
  }

  /** Begins, or begins again after all was lost. */
  void start() {
    synchronized (scheduler) {
      away = false;
    }
    if (loop.getState() == Thread.State.NEW) {
      loop.start();
    }
  }

  /** The model is lost, and with it all answers, the queue and the cache; it takes no more. */
  void lose(ApiError why) {
    synchronized (scheduler) {
      away = true;
      scheduler.lose(why);
    }
  }

  /**
   * @param total tokens to produce; where it is 0 there is nothing to do
   * @return empty if the queue is full or the model is lost
   */
  Optional<Generation> submit(Prompt prompt, int total) {
    var generation = new Generation(prompt, total, clock.now());
    if (total == 0) {
      return Optional.of(generation);
    }
    synchronized (scheduler) {
      if (away || !scheduler.add(generation)) {
        return Optional.empty();
      }
      scheduler.notifyAll();
      return Optional.of(generation);
    }
  }

  /**
   * Keeps a place for one whose prompt is read elsewhere, until it arrives.
   *
   * @return as {@link #submit}
   */
  Optional<Generation> expect(Prompt prompt, int total) {
    synchronized (scheduler) {
      return away || !scheduler.expect()
          ? Optional.empty()
          : Optional.of(new Generation(prompt, total, clock.now()));
    }
  }

  /** One that was expected is there, with its prompt or without it. */
  void arrive(Generation generation) {
    synchronized (scheduler) {
      scheduler.arrive(generation);
      if (away) {
        scheduler.lose(ApiError.server("The model was lost while the prompt was read elsewhere."));
      }
      scheduler.notifyAll();
    }
  }

  int running() {
    synchronized (scheduler) {
      return scheduler.running();
    }
  }

  int queued() {
    synchronized (scheduler) {
      return scheduler.waiting();
    }
  }

  double cacheUsage() {
    synchronized (scheduler) {
      return scheduler.cacheUsage();
    }
  }

  /** Tokens of all answers so far. */
  long produced() {
    synchronized (scheduler) {
      return produced;
    }
  }

  /**
   * Waits for more tokens, of whichever answer, than were seen.
   *
   * @return false if the time ran out
   */
  boolean await(long seen, Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    synchronized (scheduler) {
      while (produced <= seen) {
        var left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        scheduler.wait(left / 1_000_000, (int) (left % 1_000_000));
      }
      return true;
    }
  }

  @Override
  public void close() {
    synchronized (scheduler) {
      closed = true;
      scheduler.notifyAll();
    }
  }

  private void run() {
    try {
      while (awaitWork()) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closed() {
    synchronized (scheduler) {
      return closed;
    }
  }

  /** False once there is nothing to do and will not be. */
  private boolean awaitWork() throws InterruptedException {
    synchronized (scheduler) {
      while (scheduler.idle()) {
        if (closed) {
          return false;
        }
        idle = true;
        scheduler.wait();
      }
      return true;
    }
  }

  /** One step: it is planned, takes its time and gives its tokens. */
  void step() throws InterruptedException {
    Scheduler.Step step;
    synchronized (scheduler) {
      if (scheduler.waiting() > 0 && faults.of(Failure.CACHE_LOST).isPresent()) {
        scheduler.forget();
      }
      step = scheduler.plan(clock.now());
    }
    if (step.streams() == 0) {
      return; // nobody wants what was waiting
    }
    while (faults.of(Failure.STUCK_DECODE).isPresent() && !closed()) {
      idle = true; // what is lost so is not made up for
      clock.sleepUntil(clock.now() + STUCK);
    }
    var length = slowed(speed.step(step.streams(), step.prefill()).toNanos());
    due = due(due, clock.now(), idle, length);
    idle = false;
    group.begin();
    clock.sleepUntil(due);
    if (!group.end()) {
      return; // all is lost, as lose() was told
    }
    synchronized (scheduler) {
      var made = scheduler.complete(clock.now());
      produced += made;
      scheduler.notifyAll();
      metrics.step(step.prefill(), made);
    }
  }

  /**
   * Lets the part of a step go by in which a fault slows it down, in slices, so that it ends with
   * the fault.
   *
   * @return what is left of the step
   */
  private long slowed(long length) throws InterruptedException {
    var left = length;
    var factor = faults.factor(Failure.SLOW_DECODE);
    while (factor > 1 && left > 0 && !closed()) {
      var begin = clock.now();
      clock.sleepUntil(begin + (long) Math.min(left * factor, (double) STUCK));
      left -= Math.max(1, Math.round((clock.now() - begin) / factor));
      idle = true; // this was not too long, and is not to be made up for
      factor = faults.factor(Failure.SLOW_DECODE);
    }
    return Math.max(0, left);
  }

  /**
   * A step is due after the one before, unless the machine was idle in between. Being woken late is
   * made up for, but no more than a step of it: time in which the process stood still is lost, as
   * it is to a machine that stands still.
   *
   * @param before when the last step was due
   */
  static long due(long before, long now, boolean idle, long step) {
    return (idle ? now : Math.max(before, now - step)) + step;
  }
}
