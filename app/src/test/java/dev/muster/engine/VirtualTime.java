package dev.muster.engine;

import dev.muster.drill.Time;
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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A time that passes when everybody waits: then it jumps to the next moment at which somebody
 * wants to go on. One thread runs at a time, and the seed says who is next, so that a run can be
 * had again. Threads take part by {@link #run} and {@link #start}.
 *
 * <p>A thread that is held up by something else, as a lock whose owner sleeps here, is found by a
 * watch in real time and passed over until it comes back.
 */
final class VirtualTime implements Time, AutoCloseable {
  static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

  /** Real time after which a run hangs. */
  private static final Duration HANGS = Duration.ofSeconds(60);

  /** Thrown into every thread of a process that was killed: nothing of it goes on. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("the process was killed", null, false, false);
    }
  }

  private final Random random;
  private final long limit;
  private final PriorityQueue<Member> sleepers =
      new PriorityQueue<>(
          Comparator.<Member>comparingLong(m -> m.wake).thenComparingLong(m -> m.number));
  private final List<Member> ready = new ArrayList<>();
  private final Set<Member> outside = new LinkedHashSet<>();
  private final ThreadLocal<@Nullable Member> me = new ThreadLocal<>();
  private final Thread watch;
  final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
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

    Member(long number, boolean mortal, Event ended) {
      this.number = number;
      this.mortal = mortal;
      this.ended = ended;
    }
  }

  /**
   * @param limit virtual time after which whoever waits gets an error: a run must end before
   */
  VirtualTime(long seed, Duration limit) {
    this.random = new Random(seed);
    this.limit = limit.toNanos();
    this.watch = Thread.ofPlatform().daemon().name("watch-of-virtual-time").start(this::look);
  }

  @Override
  public synchronized Instant instant() {
    return BEGIN.plusNanos(now).plus(wall);
  }

  @Override
  public synchronized long nanos() {
    return now - asleep;
  }

  @Override
  public synchronized long nanosWithSleep() {
    return now;
  }

  /** How long it has gone on. */
  synchronized Duration elapsed() {
    return Duration.ofNanos(now);
  }

  /** Sets the wall clock. */
  synchronized void step(Duration by) {
    wall = wall.plus(by);
  }

  /** Nobody does anything for so long, whatever they wanted to do meanwhile. */
  synchronized void freeze(Duration length) {
    now += length.toNanos();
  }

  /** The machine is suspended for so long. */
  synchronized void suspend(Duration length) {
    freeze(length);
    asleep += length.toNanos();
  }

  /** Ends every thread that {@link #startMortal} began, and theirs: they find out when they wait. */
  synchronized void kill() {
    killed = true;
    for (Member member : List.copyOf(sleepers)) {
      if (member.mortal) {
        sleepers.remove(member);
        leave(member);
        ready.add(member);
      }
    }
  }

  /** Whether the calling thread's process was killed. */
  synchronized boolean dead() {
    Member member = me.get();
    return killed && member != null && member.mortal;
  }

  /** Runs in virtual time to the end. */
  void run(Runnable body) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    begin("main", false, () -> {
      try {
        body.run();
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
    synchronized (this) {
      member = new Member(numbers++, mortal, new Event());
      member.thread = Thread.ofVirtual().name(name).unstarted(() -> live(member, body));
      ready.add(member);
    }
    member.thread.start();
    synchronized (this) {
      if (current == null) {
        next();
      }
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
      synchronized (this) {
        outside.remove(member);
        member.running = false;
        member.ended.raise();
        if (current == member) {
          current = null;
          next();
        }
      }
    }
  }

  private synchronized void interrupt(Member member) {
    if (sleepers.remove(member)) {
      leave(member);
      member.interrupted = true;
      ready.add(member);
    } else if (member.thread != null) {
      member.thread.interrupt();
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
      synchronized (VirtualTime.this) {
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
      }
    }

    @Override
    public boolean raised() {
      synchronized (VirtualTime.this) {
        return raised;
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
    if (member == null) {
      throw new IllegalStateException("takes no part in virtual time: " + Thread.currentThread());
    }
    dieIfKilled(member);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    synchronized (this) {
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
        synchronized (this) {
          if (current == null) {
            next();
          }
        }
      }
    }
    member.running = true;
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
      leave(member);
      ready.add(member);
    }
  }

  private void leave(Member member) {
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
      synchronized (this) {
        if (closed && current == null && sleepers.isEmpty() && ready.isEmpty()) {
          return;
        }
        same = turns == before ? same + 1 : 0;
        before = turns;
        Member running = current;
        if (same < 3) {
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
      }
    }
  }

  private static boolean heldUp(Member member) {
    return switch (member.thread == null ? Thread.State.NEW : member.thread.getState()) {
      case BLOCKED, WAITING, TIMED_WAITING -> true;
      default -> false;
    };
  }

  private synchronized String picture() {
    StringBuilder text = new StringBuilder();
    for (Member each : sleepers) {
      text.append('\n').append(each.thread).append(" until ").append(Duration.ofNanos(each.wake));
    }
    for (Member each : outside) {
      text.append("\nheld up: ").append(each.thread);
      if (each.thread != null) {
        for (StackTraceElement at : each.thread.getStackTrace()) {
          text.append("\n    ").append(at);
        }
      }
    }
    Member running = current;
    if (running != null && running.thread != null) {
      text.append("\nruns: ").append(running.thread);
      for (StackTraceElement at : running.thread.getStackTrace()) {
        text.append("\n    ").append(at);
      }
    }
    return text.toString();
  }

  /** Nobody goes on. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      while (!sleepers.isEmpty()) {
        Member member = sleepers.remove();
        leave(member);
        ready.add(member);
      }
      if (current == null) {
        next();
      }
    }
  }
}
