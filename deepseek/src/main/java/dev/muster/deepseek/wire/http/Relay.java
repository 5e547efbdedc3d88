package dev.muster.deepseek.wire.http;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the event loop reads and passes on to a client, while the thread that asked for it
 * waits for its end. A client that does not take what came holds it up: nothing more is read then.
 */
final class Relay {
  private final EventSocket from;
  private final @Nullable ClientConnection to;
  private final HttpCall.Step step;
  private final Runnable goesOn;
  private final Thread thread = Thread.currentThread();
  private boolean heldUp;
  private volatile boolean over;
  private @Nullable Throwable failure;

  /**
   * @param to null where nobody is answered
   * @param goesOn done on the loop when the client has taken what held it up
   */
  Relay(EventSocket from, @Nullable ClientConnection to, HttpCall.Step step, Runnable goesOn) {
    this.from = from;
    this.to = to;
    this.step = step;
    this.goesOn = goesOn;
  }

  /**
   * Returns at the end of the step.
   *
   * @throws IOException what the step throws, or, where the current thread was interrupted
   */
  void run() throws IOException {
    if (to != null) {
      to.whenSent(this::sent);
    }
    EventLoop.SHARED.execute(this::begin);
    while (!over && !thread.isInterrupted()) {
      LockSupport.park(this);
    }
    end(null);
    from.whenReadable(null);
    if (to != null) {
      to.whenSent(() -> {});
    }
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  private synchronized void begin() {
    ready();
    if (!over && !heldUp) {
      from.whenReadable(this::ready);
    }
  }

  private synchronized void ready() {
    if (over) {
      return;
    }
    try {
      if (step.read()) {
        end(null);
      } else if (to != null && to.stuck()) {
        heldUp = true;
        from.whenReadable(null);
      }
    } catch (IOException | RuntimeException | Error e) {
      end(e);
    }
  }

  private synchronized void sent() {
    if (over || !heldUp) {
      return;
    }
    heldUp = false;
    try {
      goesOn.run();
    } catch (RuntimeException e) {
      end(e);
      return;
    }
    from.whenReadable(this::ready);
  }

  /** By the loop, or by the thread that waits where it was interrupted. */
  private synchronized void end(@Nullable Throwable why) {
    if (over) {
      return;
    }
    over = true;
    if (Thread.currentThread() == thread) {
      from.close();
      failure = new ClosedByInterruptException();
    } else {
      failure = why;
      from.whenReadable(null);
      LockSupport.unpark(thread);
    }
  }
}
