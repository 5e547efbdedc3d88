package dev.muster.load.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for sockets, tasks and timers at once. Everything that it calls runs on
 * that thread, one after another, and must not block.
 *
 * <p>A timer never fires before what had already arrived was read: a process that stood still for a
 * while must not take the peer's punctual answer for a late one.
 *
 * <p>{@link #execute} and {@link #close} may be called by any thread, the rest by the loop's own.
 */
public final class Loop implements AutoCloseable {
  /** Passes over the sockets before overdue timers fire, against a peer that never stops. */
  private static final int PASSES = 100;

  /** Attached to a key. */
  interface Ready {
    void ready();
  }

  /** Of one task; cancelled any number of times. */
  static final class Timer {
    private final long due;
    private @Nullable Runnable task;

    private Timer(long due, Runnable task) {
      this.due = due;
      this.task = task;
    }

    void cancel() {
      task = null;
    }
  }

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.signum(a.due - b.due));
  private final Thread thread;
  private volatile boolean closed;

  /** Begins at once, in a daemon thread of this name. */
  public Loop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the load's sockets", e);
    }
    // a platform thread: it must not queue behind others for a carrier
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  Selector selector() {
    return selector;
  }

  /** Runs it soon; not at all once the loop is closed. */
  public void execute(Runnable task) {
    tasks.add(task);
    if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  Timer after(Duration delay, Runnable task) {
    var timer = new Timer(System.nanoTime() + delay.toNanos(), task);
    timers.add(timer);
    return timer;
  }

  private void run() {
    try {
      while (!closed) {
        select(untilNextTimer());
        for (Runnable task; (task = tasks.poll()) != null; ) {
          task.run();
        }
        if (overdue()) {
          for (int n = 0; n < PASSES && selector.selectNow(Loop::ready) > 0; n++) {}
          fire();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the selector of the load's sockets failed", e);
    } finally {
      end();
    }
  }

  /** Negative: for ever. */
  private void select(long nanos) throws IOException {
    if (nanos < 0) {
      selector.select(Loop::ready);
    } else if (nanos == 0) {
      selector.selectNow(Loop::ready);
    } else {
      selector.select(Loop::ready, Math.max(1, nanos / 1_000_000));
    }
  }

  private static void ready(SelectionKey key) {
    if (key.isValid()) {
      ((Ready) key.attachment()).ready();
    }
  }

  private long untilNextTimer() {
    if (!tasks.isEmpty()) {
      return 0;
    }
    dropCancelled();
    var next = timers.peek();
    return next == null ? -1 : Math.max(0, next.due - System.nanoTime());
  }

  private boolean overdue() {
    dropCancelled();
    var next = timers.peek();
    return next != null && next.due - System.nanoTime() <= 0;
  }

  private void fire() {
    while (overdue()) {
      var task = timers.remove().task;
      if (task != null) {
        task.run();
      }
    }
  }

  private void dropCancelled() {
    while (!timers.isEmpty() && timers.element().task == null) {
      timers.remove();
    }
  }

  /** The sockets too. */
  private void end() {
    try {
      for (var key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      // nothing more can be done for sockets that do not even close
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }
}
