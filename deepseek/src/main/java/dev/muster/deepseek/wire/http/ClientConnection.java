package dev.muster.deepseek.wire.http;

import dev.muster.deepseek.wire.ApiError;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection and what is being waited for on it. The server's thread reads it; while
 * it answers a request, a thread of this reads on in its place, for nothing else tells that a
 * client has left. A client that closes only its sending side counts as one that left, as it does
 * to most servers.
 */
public final class ClientConnection {
  /** The connection of which the current thread answers a request. */
  static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

  private final HelidonSocket socket;
  private final @Nullable SocketChannel channel;
  private final ClientConnections all;
  private Phase phase = Phase.IDLE;
  private long since; // when the phase began
  private boolean reading; // the server's thread waits for bytes
  private boolean watching; // a thread of this waits for bytes
  private boolean ended; // no bytes will come
  private boolean closed;
  private boolean last; // the client wants no more than this request
  private boolean withBody;
  private boolean done; // and that one is answered
  private byte @Nullable [] ahead; // bytes of the next request
  private @Nullable Runnable onLeave;
  private @Nullable BoundedWriter writer; // of its answers
  private volatile long writingSince; // 0 while nobody writes

  /** What a connection is in the middle of. */
  enum Phase {
    IDLE,
    /** A part of a request's head is there. */
    HEAD,
    BODY,
    ANSWER,
    /** It was answered before its body was read, of which the rest has to come all the same. */
    REST,
    /** It was told why, and nothing else will be. */
    OVER
  }

  ClientConnection(
      HelidonSocket socket, @Nullable SocketChannel channel, ClientConnections all, long now) {
    this.socket = socket;
    this.channel = channel;
    this.all = all;
    since = now;
  }

  /**
   * The connection of the request that the current thread answers.
   *
   * @throws java.util.NoSuchElementException if it answers none
   */
  public static ClientConnection current() {
    return CURRENT.get();
  }

  /** A request of which all is there, and which is being answered; to be closed by its thread. */
  public final class Answering implements AutoCloseable {
    private final Thread thread = Thread.currentThread();
    private volatile boolean left;

    private void leave() {
      left = true;
      thread.interrupt();
    }

    /** Whether the client is gone: then the thread was interrupted, whatever it waited for. */
    public boolean left() {
      return left;
    }

    @Override
    public void close() {
      synchronized (ClientConnection.this) {
        onLeave = null;
      }
      if (left) {
        Thread.interrupted();
      }
    }
  }

  /** Interrupts the current thread as soon as the client leaves. */
  public Answering answering() {
    var answering = new Answering();
    synchronized (this) {
      phase = Phase.ANSWER;
      if (ended) {
        answering.leave();
      } else {
        onLeave = answering::leave;
        if (!watching && ahead == null) {
          watching = true;
          Thread.ofVirtual().name("client").start(this::watch);
        }
      }
    }
    return answering;
  }

  /** Others find no place: whoever is slow with his request gives his back. */
  public void makeRoom() {
    all.makeRoom();
  }

  /** Ends it; whoever reads or writes it gets an exception. */
  public void close() {
    synchronized (this) {
      phase = Phase.OVER;
    }
    closeSocket();
  }

  /** Ends it as a crash does: the client gets a reset, and what was on its way may be lost. */
  public void reset() {
    synchronized (this) {
      phase = Phase.OVER;
    }
    try {
      if (channel != null) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close(); // as the web server closes it, a regular end would come first
      }
    } catch (IOException e) {
      // It is closed already
    }
    close();
  }

  /** Whether the client was told that its request takes too long. */
  public synchronized boolean over() {
    return phase == Phase.OVER;
  }

  /**
   * The head of a request is there.
   *
   * @param only whether the client wants the connection to end after it, which the server forgets
   * @param body whether it has one
   */
  synchronized void headRead(boolean only, boolean body) {
    last = only;
    withBody = body;
    if (phase != Phase.OVER) {
      enter(Phase.BODY);
    }
  }

  /** The request is answered. */
  synchronized void answered() {
    done = last && phase == Phase.ANSWER;
    if (phase != Phase.OVER) {
      enter(withBody && phase == Phase.BODY ? Phase.REST : Phase.IDLE);
    }
  }

  synchronized Phase phase() {
    return phase;
  }

  synchronized long since() {
    return since;
  }

  /**
   * Ends it with an answer, if it still waits for a request since before that time.
   *
   * @return whether it did
   */
  boolean endWaiting(long before, Phase in, @Nullable ApiError why) {
    synchronized (this) {
      if (phase != in || since - before >= 0 || !(reading || in == Phase.IDLE)) {
        return false;
      }
      phase = Phase.OVER;
    }
    if (why == null) {
      closeSocket();
    } else {
      // Of its own, for a client that does not read may block it
      Thread.ofVirtual().name("refusal").start(() -> refuse(why));
    }
    return true;
  }

  /** Tells the reason and ends it; nobody else writes to it. */
  void refuse(ApiError why) {
    writes();
    try {
      socket.write(BufferData.create(Server.raw(why)));
    } catch (UncheckedIOException e) {
      // It is to end anyway
    } finally {
      wrote();
      closeSocket();
    }
  }

  /** Before the first request. */
  void writer(BoundedWriter ofAnswers) {
    writer = ofAnswers;
  }

  /**
   * Sends all parts of an answer that are written meanwhile with one system call; nothing of them,
   * where that fails. Not by two threads at once.
   */
  public void together(Runnable writes) {
    var answers = writer;
    if (answers == null) {
      writes.run();
    } else {
      answers.together(writes);
    }
  }

  /** A write begins. */
  void writes() {
    writingSince = all.now() | 1;
  }

  void wrote() {
    writingSince = 0;
  }

  /** Ends it, if the client has not taken what is written to it since before that time. */
  void endWriting(long before) {
    long since = writingSince;
    if (since != 0 && since - before < 0) {
      close();
    }
  }

  /** The next bytes for the server; null at the end. */
  byte @Nullable [] next() {
    synchronized (this) {
      if (done || !ready()) {
        return null;
      }
      if (ahead != null) {
        var bytes = ahead;
        ahead = null;
        came();
        return bytes;
      }
      if (ended) {
        return null;
      }
      reading = true;
    }
    byte[] bytes = null;
    try {
      bytes = socket.get();
    } catch (UncheckedIOException e) {
      throw new ServerConnectionException("the connection broke", e);
    } finally {
      synchronized (this) {
        reading = false;
      }
    }
    synchronized (this) {
      if (phase == Phase.OVER) {
        ready();
        return null;
      }
      if (bytes != null) {
        came();
      }
    }
    return bytes;
  }

  /** Waits while another thread reads, or tells the client that it is over. */
  private boolean ready() {
    try {
      while (watching || (phase == Phase.OVER && !closed)) {
        wait();
      }
      return phase != Phase.OVER;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void came() {
    if (phase == Phase.IDLE) {
      enter(Phase.HEAD);
    }
  }

  private void enter(Phase next) {
    phase = next;
    since = all.now();
  }

  private void watch() {
    byte[] bytes = null;
    try {
      bytes = socket.get();
    } catch (UncheckedIOException e) {
      // It broke, which is an end as well
    }
    synchronized (this) {
      watching = false;
      ahead = bytes;
      ended = bytes == null;
      if (ended && onLeave != null) {
        onLeave.run();
      }
      notifyAll();
    }
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (UncheckedIOException e) {
      // A connection that fails to close is as gone as one that closes
    } finally {
      synchronized (this) {
        closed = true;
        notifyAll();
      }
    }
  }
}
