package dev.muster.deepseek.wire.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A connection for which the {@link EventLoop} waits. To other threads it reads and writes as a
 * blocking one, and an interrupt of one that waits closes it; on the loop nothing waits: a read may
 * find nothing, and what the kernel does not take at once is kept and sent as soon as it does.
 *
 * <p>One thread reads and one writes at a time; {@link #close} may be called by any.
 */
final class EventSocket implements Closeable {
  private static final byte[] NONE = new byte[0];

  private final EventLoop loop = EventLoop.SHARED;
  private final SocketChannel channel;
  private final SelectionKey key;
  private volatile @Nullable Runnable onReadable;
  private volatile @Nullable Runnable onSent;
  private ByteBuffer unsent = ByteBuffer.wrap(NONE);
  private volatile boolean stuck; // unsent has something
  private volatile @Nullable Thread writer; // waits until it has nothing

  /**
   * @param channel connected; to be used by nobody else from now on
   */
  EventSocket(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    key = loop.register(channel, this);
  }

  /** What is done on the loop when its key says that there is something to do. */
  void ready(SelectionKey its) {
    if (its.isValid() && its.isWritable()) {
      send();
    }
    if (its.isValid() && its.isReadable()) {
      var todo = onReadable;
      if (todo != null) {
        todo.run();
        return;
      }
      ignore(SelectionKey.OP_READ);
      if (onReadable != null) {
        waitFor(SelectionKey.OP_READ); // it came meanwhile, and saw that it was waited for
      }
    }
  }

  /**
   * Reads what is there, at least one byte; waits for it, where the current thread is not the
   * loop's.
   *
   * @return negative at the end; 0 on the loop, if there is nothing
   */
  int read(byte[] into, int offset, int length) throws IOException {
    var buffer = ByteBuffer.wrap(into, offset, length);
    while (true) {
      int n = channel.read(buffer);
      if (n != 0 || length == 0 || loop.here()) {
        return n;
      }
      awaitReadable();
    }
  }

  /**
   * From now on that is done on the loop whenever bytes are there that were not read, and once when
   * this is closed; null ends it.
   */
  void whenReadable(@Nullable Runnable todo) {
    onReadable = todo;
    if (todo != null) {
      waitFor(SelectionKey.OP_READ);
      if (!channel.isOpen()) {
        loop.execute(this::closed);
      }
    }
  }

  /** Done on the loop each time that the kernel has taken all that was kept, or never will. */
  void whenSent(@Nullable Runnable todo) {
    onSent = todo;
  }

  /** Whether something is kept that the kernel does not take. */
  boolean stuck() {
    return stuck;
  }

  /** Writes all of it, and waits until the kernel has it, unless this is the loop's thread. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    synchronized (this) {
      var buffer = ByteBuffer.wrap(bytes, offset, length);
      if (!stuck) {
        channel.write(buffer);
      } else if (!channel.isOpen()) {
        throw new ClosedChannelException();
      }
      if (buffer.hasRemaining()) {
        keep(buffer);
      }
    }
    if (stuck && !loop.here()) {
      awaitSent();
    }
  }

  private void keep(ByteBuffer more) {
    var all = ByteBuffer.allocate(unsent.remaining() + more.remaining());
    all.put(unsent).put(more).flip();
    unsent = all;
    stuck = true;
    waitFor(SelectionKey.OP_WRITE);
  }

  private void send() {
    synchronized (this) {
      try {
        channel.write(unsent);
      } catch (IOException e) {
        close(); // whoever waits for it finds it closed
        return;
      }
      if (unsent.hasRemaining()) {
        return;
      }
      unsent = ByteBuffer.wrap(NONE);
      stuck = false;
      ignore(SelectionKey.OP_WRITE);
    }
    sent();
  }

  private void sent() {
    LockSupport.unpark(writer);
    var todo = onSent;
    if (todo != null) {
      todo.run();
    }
  }

  private void awaitSent() throws IOException {
    writer = Thread.currentThread();
    try {
      while (stuck) {
        park();
      }
    } finally {
      writer = null;
    }
  }

  private void awaitReadable() throws IOException {
    var waiting = new Waiting(Thread.currentThread());
    whenReadable(waiting);
    while (!waiting.over) {
      park();
    }
  }

  /** A thread that waits for bytes; they are its to read, so that the loop looks no more. */
  private final class Waiting implements Runnable {
    private final Thread thread;
    private volatile boolean over;

    Waiting(Thread thread) {
      this.thread = thread;
    }

    @Override
    public void run() {
      onReadable = null;
      ignore(SelectionKey.OP_READ);
      over = true;
      LockSupport.unpark(thread);
    }
  }

  private void park() throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
    LockSupport.park(this);
  }

  private void waitFor(int operation) {
    try {
      if ((key.interestOps() & operation) == 0) {
        key.interestOpsOr(operation);
        loop.wakeUp();
      }
    } catch (CancelledKeyException e) {
      // closed, which whoever waits is told
    }
  }

  private void ignore(int operation) {
    try {
      key.interestOpsAnd(~operation);
    } catch (CancelledKeyException e) {
      // closed: it waits for nothing
    }
  }

  private void closed() {
    var todo = onReadable;
    if (todo != null) {
      todo.run();
    }
    sent();
  }

  /** Closes it as a crash does: the peer gets a reset, and what was on its way may be lost. */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // It is closed already
    }
    close();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // A connection that fails to close is as gone as one that closes
    }
    loop.execute(this::closed); // also for the selector, which holds it open until then
  }
}
