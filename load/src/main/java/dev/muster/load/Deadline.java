package dev.muster.load;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts the thread that opened it when the time is over, whatever it waits for: headers, the
 * next token, the end of the body. Once closed it interrupts no more and leaves no interrupt behind
 * that is its own.
 */
final class Deadline implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final Future<?> timer;
  private boolean passed;
  private boolean closed;

  Deadline(Duration after, ScheduledExecutorService timers) {
    timer = timers.schedule(this::pass, after.toNanos(), TimeUnit.NANOSECONDS);
  }

  synchronized boolean passed() {
    return passed;
  }

  private synchronized void pass() {
    if (!closed) {
      passed = true;
      thread.interrupt();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.cancel(false);
    if (passed) {
      Thread.interrupted();
    }
  }
}
