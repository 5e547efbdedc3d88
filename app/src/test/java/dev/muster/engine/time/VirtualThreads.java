package dev.muster.engine.time;

import dev.muster.drill.time.Time;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Threads that take part in a {@link VirtualTime}: how they begin, await their turn, and end. */
final class VirtualThreads {
  private final Turns turns;
  private long numbers;

  VirtualThreads(Turns turns) {
    this.turns = turns;
  }

  VirtualSignal signal() {
    return new VirtualSignal(turns, this);
  }

  /**
   * @param mortal whether it ends with what is killed
   */
  Time.Work begin(String name, boolean mortal, Runnable body) {
    Member member;
    turns.enter();
    try {
      member = new Member(numbers++, mortal, signal());
      member.thread = Thread.ofVirtual().name(name).unstarted(() -> live(member, body));
      turns.ready.add(member);
    } finally {
      turns.leave();
    }
    member.thread.start();
    turns.goOn();
    return new Time.Work() {
      @Override
      public boolean join(Duration atMost) throws InterruptedException {
        return member.ended.await(atMost);
      }

      @Override
      public void interrupt() {
        turns.interrupt(member);
      }
    };
  }

  private void live(Member member, Runnable body) {
    turns.me.set(member);
    try {
      awaitTurn(member);
      dieIfKilled(member);
      body.run();
    } catch (VirtualTime.Killed e) {
      // it was told so
    } catch (Throwable e) {
      turns.failures.add(e);
    } finally {
      turns.end(member);
    }
  }

  /** The calling thread waits; one that takes no part makes time go on. */
  void pause(Duration time, @Nullable VirtualSignal until) throws InterruptedException {
    Member member = turns.me.get();
    if (member == null && until == null) {
      turns.freeze(time);
      return;
    }
    if (member == null) {
      throw new IllegalStateException("takes no part in virtual time: " + Thread.currentThread());
    }
    dieIfKilled(member);
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    turns.rest(member, time, until);
    awaitTurn(member);
    dieIfKilled(member);
    if (turns.closed || turns.elapsed().toNanos() > turns.limit) {
      throw new VirtualTime.Killed();
    }
    if (member.interrupted) {
      member.interrupted = false;
      throw new InterruptedException();
    }
  }

  private void dieIfKilled(Member member) {
    if (member.mortal && turns.dead()) {
      throw new VirtualTime.Killed();
    }
  }

  private void awaitTurn(Member member) {
    while (!member.go) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        turns.interrupt(member);
        turns.goOn();
      }
    }
    member.running = true;
  }
}
