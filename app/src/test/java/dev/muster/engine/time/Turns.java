package dev.muster.engine.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is, who waits for how long, and how late it is. All is behind one lock: fields are
 * for whoever is between {@link #enter} and {@link #leave}.
 */
final class Turns {
  private final ReentrantLock lock = new ReentrantLock();
  private final Random random;
  final long limit;
  final Queue<Throwable> failures;
  final PriorityQueue<Member> sleepers =
      new PriorityQueue<>(
          Comparator.<Member>comparingLong(m -> m.wake).thenComparingLong(m -> m.number));
  final List<Member> ready = new ArrayList<>();

  /** Held up by something else. */
  final Set<Member> outside = new LinkedHashSet<>();

  /** Of the calling thread. */
  @SuppressWarnings("ThreadLocalUsage") // each time has its own threads
  final ThreadLocal<@Nullable Member> me = new ThreadLocal<>();

  @Nullable Member current;
  long now;

  /** How many turns there were. */
  long given;

  private boolean killed;
  boolean closed;

  Turns(long seed, Duration limit, Queue<Throwable> failures) {
    this.random = new Random(seed);
    this.limit = limit.toNanos();
    this.failures = failures;
  }

  /** A thread that waits for this lock is not held up elsewhere. */
  void enter() {
    Member member = me.get();
    if (member != null) {
      member.inside.incrementAndGet();
    }
    lock.lock();
  }

  void leave() {
    lock.unlock();
    Member member = me.get();
    if (member != null) {
      member.inside.decrementAndGet();
    }
  }

  Duration elapsed() {
    enter();
    try {
      return Duration.ofNanos(now);
    } finally {
      leave();
    }
  }

  void freeze(Duration length) {
    enter();
    try {
      now += length.toNanos();
    } finally {
      leave();
    }
  }

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

  void interrupt(Member member) {
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

  /** Gives up the turn for so long, or until what is waited for happens. */
  void rest(Member member, Duration time, @Nullable VirtualSignal until) {
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
  }

  /** Gives up the turn for ever. */
  void end(Member member) {
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

  /** Somebody gets the turn where nobody has it. */
  void goOn() {
    enter();
    try {
      if (current == null) {
        next();
      }
    } finally {
      leave();
    }
  }

  /** Whoever is next gets the turn; time jumps where nobody can go on at this moment. */
  void next() {
    if (ready.isEmpty() && !sleepers.isEmpty() && outside.isEmpty()) {
      jump();
    }
    if (!ready.isEmpty()) {
      Member member = ready.remove(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
      current = member;
      given++;
      member.go = true;
      if (member.thread != Thread.currentThread()) {
        LockSupport.unpark(member.thread);
      }
    }
  }

  void jump() {
    Member first = sleepers.element();
    now = Math.max(now, first.wake);
    if (now > limit && !closed) {
      closed = true;
      failures.add(new AssertionError("it does not end: " + Picture.of(this)));
    }
    while (!sleepers.isEmpty() && (closed || sleepers.element().wake <= now)) {
      Member member = sleepers.remove();
      forget(member);
      ready.add(member);
    }
  }

  private static void forget(Member member) {
    if (member.awaits != null) {
      member.awaits.waiting.remove(member);
      member.awaits = null;
    }
  }

  /** Nobody waits any more. */
  void close() {
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
