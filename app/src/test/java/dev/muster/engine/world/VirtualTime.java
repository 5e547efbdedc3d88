package dev.muster.engine.world;

import dev.muster.drill.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

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
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("the process was killed", null, false, false);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Random random;
  private final long limit;
  private final PriorityQueue<Member> sleepers =
      new PriorityQueue<>(
          Comparator.<Member>comparingLong(m -> m.wake).thenComparingLong(m -> m.number));
  private final List<Member> ready = new ArrayList<>();
  private final Set<Member> outside = new LinkedHashSet<>();

  @SuppressWarnings("ThreadLocalUsage") // each time has its own threads
  private final ThreadLocal<@Nullable Member> me = new ThreadLocal<>();

  public final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private @Nullable Member current;
  private long now;
  private long asleep;
  private Duration wall = Duration.ZERO;
  private long numbers;
  private long turns;
  private boolean killed;
  private boolean closed;

  /** One thread that takes part. */
  private static final class Member {
    final long number;
    final boolean mortal;
    final Event ended;
    @Nullable Thread thread;
    @Nullable Event awaits;
    long wake;
    volatile boolean go;
    volatile boolean running;
    boolean interrupted;

    /** How deep it is in here; written by itself alone. */
    final AtomicInteger inside = new AtomicInteger();

    Member(long number, boolean mortal, Event ended) {
      this.number = number;
      this.mortal = mortal;
      this.ended = ended;
    }
  }

  /**
   * @param limit virtual time after which whoever waits gets an error: a run must end before
   */
  public VirtualTime(long seed, Duration limit) {
    this.random = new Random(seed);
    this.limit = limit.toNanos();
    Thread.ofPlatform().daemon().name("watch-of-virtual-time").start(this::look);
  }

  @Override
  public Instant instant() {
    enter();
    try {
      return BEGIN.plusNanos(now);
    } finally {
      leave();
    }
  }

  @Override
  public Instant wall() {
    enter();
    try {
      return BEGIN.plusNanos(now).plus(wall);
    } finally {
      leave();
    }
  }

  @Override
  public long nanos() {
    enter();
    try {
      return now - asleep;
    } finally {
      leave();
    }
  }

  @Override
  public long nanosWithSleep() {
    enter();
    try {
      return now;
    } finally {
      leave();
    }
  }

  /** How long it has gone on. */
  Duration elapsed() {
    enter();
    try {
      return Duration.ofNanos(now);
    } finally {
      leave();
    }
  }

  /** Sets the wall clock. */
  public void step(Duration by) {
    enter();
    try {
      wall = wall.plus(by);
    } finally {
      leave();
    }
  }

  /** Nobody does anything for so long, whatever they wanted to do meanwhile. */
  public void freeze(Duration length) {
    enter();
    try {
      now += length.toNanos();
    } finally {
      leave();
    }
  }

  /** The machine is suspended for so long. */
  public void suspend(Duration length) {
    enter();
    try {
      freeze(length);
      asleep += length.toNanos();
    } finally {
      leave();
    }
  }

  /**
   * Ends every thread that {@link #startMortal} began, and theirs: they find out when they wait.
   */
  void kill() {
    enter();
    try {
      killed = true;
      for (Member member : List.copyOf(sleepers)) {
        if (member.mortal) {
          sleepers.remove(member);
          forget(member);
          ready.add(member);
        }
      }
    } finally {
      leave();
    }
  }

  /** Whether the calling thread's process was killed. */
  boolean dead() {
    enter();
    try {
      Member member = me.get();
      return killed && member != null && member.mortal;
    } finally {
      leave();
    }
  }

  /** Runs in virtual time to the end. */
  public void run(Runnable body) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    begin(
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
    Member member = me.get();
    return begin(name, member != null && member.mortal, body);
  }

  /** The first thread of a process that may be killed. */
  Work startMortal(String name, Runnable body) {
    return begin(name, true, body);
  }

  private Work begin(String name, boolean mortal, Runnable body) {
    Member member;
    enter();
    try {
      member = new Member(numbers++, mortal, new Event());
      member.thread = Thread.ofVirtual().name(name).unstarted(() -> live(member, body));
      ready.add(member);
    } finally {
      leave();
    }
    member.thread.start();
    enter();
    try {
      if (current == null) {
        next();
      }
    } finally {
      leave();
    }
    return new Work() {
      @Override
      public boolean join(Duration atMost) throws InterruptedException {
        return member.ended.await(atMost);
      }

      @Override
      public void interrupt() {
        VirtualTime.this.interrupt(member);
      }
    };
  }

  private void live(Member member, Runnable body) {
    me.set(member);
    try {
      awaitTurn(member);
      dieIfKilled(member);
      body.run();
    } catch (Killed e) {
      // it was told so
    } catch (Throwable e) {
      failures.add(e);
    } finally {
      enter();
      try {
        outside.remove(member);
        member.running = false;
        member.ended.raise();
        if (current == member) {
          current = null;
          next();
        }
      } finally {
        leave();
      }
    }
  }

  private void interrupt(Member member) {
    enter();
    try {
      if (sleepers.remove(member)) {
        forget(member);
        member.interrupted = true;
        ready.add(member);
      } else if (member.thread != null) {
        member.thread.interrupt();
      }
    } finally {
      leave();
    }
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    if (time.isPositive()) {
      pause(time, null);
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public Signal signal() {
    return new Event();
  }

  private final class Event implements Signal {
    private final List<Member> waiting = new ArrayList<>();
    private boolean raised;

    @Override
    public void raise() {
      enter();
      try {
        raised = true;
        for (Member member : waiting) {
          sleepers.remove(member);
          member.awaits = null;
          ready.add(member);
        }
        waiting.clear();
        if (current == null) {
          next();
        }
      } finally {
        leave();
      }
    }

    @Override
    public boolean raised() {
      enter();
      try {
        return raised;
      } finally {
        leave();
      }
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      if (!raised() && atMost.isPositive()) {
        pause(atMost, this);
      } else if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return raised();
    }
  }

  private void pause(Duration time, @Nullable Event until) throws InterruptedException {
    Member member = me.get();
    if (member == null && until == null) {
      freeze(time);
      return;
    }
    if (member == null) {
      throw new IllegalStateException("takes no part in virtual time: " + Thread.currentThread());
    }
    dieIfKilled(member);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    enter();
    try {
      long length = TimeUnit.NANOSECONDS.convert(time);
      member.wake = length > Long.MAX_VALUE - now ? Long.MAX_VALUE : now + length;
      member.go = false;
      member.running = false;
      outside.remove(member);
      if (until != null && until.raised) {
        ready.add(member);
      } else {
        member.awaits = until;
        if (until != null) {
          until.waiting.add(member);
        }
        sleepers.add(member);
      }
      if (current == member) {
        current = null;
      }
      if (current == null) {
        next();
      }
    } finally {
      leave();
    }
    awaitTurn(member);
    dieIfKilled(member);
    if (closed || elapsed().toNanos() > limit) {
      throw new Killed();
    }
    if (member.interrupted) {
      member.interrupted = false;
      throw new InterruptedException();
    }
  }

  private void dieIfKilled(Member member) {
    if (member.mortal && dead()) {
      throw new Killed();
    }
  }

  private void awaitTurn(Member member) {
    while (!member.go) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        interrupt(member);
        enter();
        try {
          if (current == null) {
            next();
          }
        } finally {
          leave();
        }
      }
    }
    member.running = true;
  }

  /** A thread that waits for this lock is not held up elsewhere. */
  private void enter() {
    Member member = me.get();
    if (member != null) {
      member.inside.incrementAndGet();
    }
    lock.lock();
  }

  private void leave() {
    lock.unlock();
    Member member = me.get();
    if (member != null) {
      member.inside.decrementAndGet();
    }
  }

  /** Whoever is next gets the turn; time jumps where nobody can go on at this moment. */
  private void next() {
    if (ready.isEmpty() && !sleepers.isEmpty() && outside.isEmpty()) {
      jump();
    }
    if (!ready.isEmpty()) {
      Member member = ready.remove(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
      current = member;
      turns++;
      member.go = true;
      if (member.thread != Thread.currentThread()) {
        LockSupport.unpark(member.thread);
      }
    }
  }

  private void jump() {
    Member first = sleepers.element();
    now = Math.max(now, first.wake);
    if (now > limit && !closed) {
      closed = true;
      failures.add(new AssertionError("it does not end: " + picture()));
    }
    while (!sleepers.isEmpty() && (closed || sleepers.element().wake <= now)) {
      Member member = sleepers.remove();
      forget(member);
      ready.add(member);
    }
  }

  private void forget(Member member) {
    if (member.awaits != null) {
      member.awaits.waiting.remove(member);
      member.awaits = null;
    }
  }

  /** In real time: finds threads that are held up elsewhere. */
  private void look() {
    long before = -1;
    int same = 0;
    while (true) {
      LockSupport.parkNanos(500_000);
      enter();
      try {
        if (closed && current == null && sleepers.isEmpty() && ready.isEmpty()) {
          return;
        }
        same = turns == before ? same + 1 : 0;
        before = turns;
        Member running = current;
        if (same < 4) {
          continue;
        }
        if (running != null && running.running && heldUp(running)) {
          outside.add(running);
          current = null;
          next();
        } else if (running == null && outside.stream().allMatch(VirtualTime::heldUp)) {
          if (ready.isEmpty() && !sleepers.isEmpty()) {
            jump();
          }
          next();
        }
      } finally {
        leave();
      }
    }
  }

  private static boolean heldUp(Member member) {
    if (member.inside.get() > 0) {
      return false;
    }
    return switch (member.thread == null ? Thread.State.NEW : member.thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  /** Who waits for what. */
  String picture() {
    enter();
    try {
      StringBuilder text = new StringBuilder();
      for (Member each : sleepers) {
        text.append('\n').append(each.thread).append(" until ").append(Duration.ofNanos(each.wake));
        trace(text, each);
      }
      for (Member each : outside) {
        text.append("\nheld up: ").append(each.thread);
        trace(text, each);
      }
      Member running = current;
      if (running != null) {
        text.append("\nruns: ").append(running.thread);
        trace(text, running);
      }
      return text.toString();
    } finally {
      leave();
    }
  }

  private static void trace(StringBuilder text, Member member) {
    if (member.thread != null) {
      for (StackTraceElement at : member.thread.getStackTrace()) {
        if (at.getClassName().startsWith("dev.muster")) {
          text.append("\n    ").append(at);
        }
      }
    }
  }

  /** Nobody goes on. */
  @Override
  public void close() {
    enter();
    try {
      closed = true;
      while (!sleepers.isEmpty()) {
        Member member = sleepers.remove();
        forget(member);
        ready.add(member);
      }
      if (current == null) {
        next();
      }
    } finally {
      leave();
    }
  }
}
