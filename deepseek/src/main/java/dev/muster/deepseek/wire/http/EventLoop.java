package dev.muster.deepseek.wire.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One thread that waits for all sockets, and passes on what comes in streams. A thread of its own
 * for each stream, virtual or not, costs more for each token: it looks once more whether there is
 * something, tells the kernel that it waits, and another has to wake it. What is done on the loop
 * must not block. Safe for use by several threads.
 */
public final class EventLoop {
  public static final EventLoop SHARED = new EventLoop();

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Thread thread;

  private EventLoop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector: too many open files?", e);
    }
    thread = Thread.ofPlatform().daemon().name("event-loop").start(this::run);
  }

  /** Does it soon, on the loop's thread. */
  public void execute(Runnable task) {
    tasks.add(task);
    wakeUp();
  }

  /** Whether the current thread is the loop's, which must not wait. */
  boolean here() {
    return Thread.currentThread() == thread;
  }

  /** So that it takes note of what a key is to wait for. */
  void wakeUp() {
    if (!here()) {
      selector.wakeup();
    }
  }

  /**
   * @throws ClosedChannelException if it is closed already
   */
  SelectionKey register(SocketChannel channel, EventSocket socket) throws ClosedChannelException {
    return channel.register(selector, 0, socket);
  }

  private void run() {
    while (true) {
      try {
        selector.select(EventLoop::ready);
      } catch (IOException e) {
        throw new UncheckedIOException("the selector failed", e);
      }
      for (var task = tasks.poll(); task != null; task = tasks.poll()) {
        guarded(task);
      }
    }
  }

  private static void ready(SelectionKey key) {
    if (key.attachment() instanceof EventSocket socket) {
      guarded(() -> socket.ready(key));
    }
  }

  /** A defect in what is done for one socket must not end the others. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      var thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }
}
