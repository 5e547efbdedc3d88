package dev.muster.engine.run;

import dev.muster.drill.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The wish to end a run early, from Ctrl-C, an abort rule or a failed write. The first reason
 * stays. Safe for use by several threads.
 */
public final class Abort {
  private final Time.Signal asked;
  private @Nullable String reason;
  private @Nullable Thread touchy;

  public Abort(Time time) {
    asked = time.signal();
  }

  public void request(String why) {
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      if (touchy != null) {
        touchy.interrupt();
      }
    }
    asked.raise();
  }

  public synchronized @Nullable String reason() {
    return reason;
  }

  /** Waits at most so long; true as soon as an abort is asked for. */
  boolean await(Duration atMost) throws InterruptedException {
    return asked.await(atMost);
  }

  /** What may wait for long and knows nothing of an abort: helm, a rollout, agents that look. */
  interface Act {
    void run() throws InterruptedException;
  }

  /**
   * Does what leaves nothing that an abort must undo: one interrupts it.
   *
   * @throws InterruptedException also where the act itself took no notice
   */
  void interrupts(Act act) throws InterruptedException {
    synchronized (this) {
      if (reason != null) {
        throw new InterruptedException(reason);
      }
      touchy = Thread.currentThread();
    }
    try {
      act.run();
    } finally {
      boolean ended;
      synchronized (this) {
        touchy = null;
        ended = reason != null;
      }
      if (ended) {
        Thread.interrupted(); // it did what it was for
      }
    }
    String why = reason();
    if (why != null) {
      throw new InterruptedException(why);
    }
  }
}
