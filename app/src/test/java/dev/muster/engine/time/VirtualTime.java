package dev.muster.engine.time;

import dev.muster.drill.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A time that passes when everybody waits: then it jumps to the next moment at which somebody wants
 * to go on. One thread runs at a time, and the seed says who is next, so that a run can be had
 * again. Threads take part by {@link #run} and {@link #start}; for whoever takes no part, a sleep
 * makes time go on.
 *
 * <p>A thread that is held up by something else, as a lock whose owner sleeps here, is found by a
 * watch in real time and passed over until it comes back.
 */
public final class VirtualTime implements Time, AutoCloseable {
  public static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

  /** Real time after which a run hangs. */
  private static final Duration HANGS = Duration.ofSeconds(60);

  /** Thrown into every thread of a process that was killed: nothing of it goes on. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    public Killed() {
      super("the process was killed", null, false, false);
    }
  }

  public final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Turns turns;
  private final VirtualThreads threads;
  private long asleep;
  private Duration wall = Duration.ZERO;

  /**
   * @param limit virtual time after which whoever waits gets an error: a run must end before
   */
  public VirtualTime(long seed, Duration limit) {
    turns = new Turns(seed, limit, failures);
    threads = new VirtualThreads(turns);
    Thread.ofPlatform().daemon().name("watch-of-virtual-time").start(new HeldUpWatch(turns)::look);
  }

  @Override
  public Instant instant() {
    turns.enter();
    try {
      return BEGIN.plusNanos(turns.now);
    } finally {
      turns.leave();
    }
  }

  @Override
  public Instant wall() {
    turns.enter();
    try {
      return BEGIN.plusNanos(turns.now).plus(wall);
    } finally {
      turns.leave();
    }
  }

  @Override
  public long nanos() {
    turns.enter();
    try {
      return turns.now - asleep;
    } finally {
      turns.leave();
    }
  }

  @Override
  public long nanosWithSleep() {
    turns.enter();
    try {
      return turns.now;
    } finally {
      turns.leave();
    }
  }

  /** How long it has gone on. */
  public Duration elapsed() {
    return turns.elapsed();
  }

  /** Sets the wall clock. */
  public void step(Duration by) {
    turns.enter();
    try {
      wall = wall.plus(by);
    } finally {
      turns.leave();
    }
  }

  /** Nobody does anything for so long, whatever they wanted to do meanwhile. */
  public void freeze(Duration length) {
    turns.freeze(length);
  }

  /** The machine is suspended for so long. */
  public void suspend(Duration length) {
    turns.enter();
    try {
      freeze(length);
      asleep += length.toNanos();
    } finally {
      turns.leave();
    }
  }

  /**
   * Ends every thread that {@link #startMortal} began, and theirs: they find out when they wait.
   */
  public void kill() {
    turns.kill();
  }

  /** Whether the calling thread's process was killed. */
  public boolean dead() {
    return turns.dead();
  }

  /** Runs in virtual time to the end. */
  public void run(Runnable body) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    threads.begin(
        "main",
        false,
        () -> {
          try {
            body.run();
          } catch (RuntimeException | Error e) {
            failures.add(e);
          } finally {
            over.countDown();
          }
        });
    if (!over.await(HANGS.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it hangs at " + elapsed() + ": " + picture());
    }
  }

  @Override
  public Work start(String name, Runnable body) {
    Member member = turns.me.get();
    return threads.begin(name, member != null && member.mortal, body);
  }

  /** The first thread of a process that may be killed. */
  public Work startMortal(String name, Runnable body) {
    return threads.begin(name, true, body);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      threads.pause(time, null);
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public Signal signal() {
    return threads.signal();
  }

  /** Who waits for what. */
  public String picture() {
    return Picture.of(turns);
  }

  /** Nobody goes on. */
  @Override
  public void close() {
    turns.close();
  }
}
