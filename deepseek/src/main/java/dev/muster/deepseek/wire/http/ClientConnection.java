package dev.muster.deepseek.wire.http;

import dev.muster.deepseek.wire.ApiError;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection and what is being waited for on it. The server's thread reads it; while
 * it answers a request, the event loop reads on in its place, for nothing else tells that a client
 * has left. A client that closes only its sending side counts as one that left, as it does to most
 * servers.
 */
public final class ClientConnection {
  /** The connection of which the current thread answers a request. */
  static final ScopedValue<ClientConnection> CURRENT = ScopedValue.newInstance();

  private static final int MOST_AT_ONCE = 2 * 1024; // of memory for each that is idle
  private static final int MOST_OF_BODY = 16 * 1024;

  private final EventSocket socket;
  private final ClientConnections all;
  private Phase phase = Phase.IDLE;
  private long since; // when the phase began
  private boolean reading; // the server's thread waits for bytes
  private boolean watching; // the loop waits for bytes
  private boolean ended; // no bytes will come
  private boolean closed;
  private boolean last; // the client wants no more than this request
  private boolean withBody;
  private boolean done; // and that one is answered
  private byte @Nullable [] ahead; // bytes of the next request
  private @Nullable Runnable onLeave;
  private @Nullable AnswerWriter writer; // of its answers
  private volatile long writingSince; // 0 while nobody writes
  private volatile Runnable onSent = () -> {};

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

  ClientConnection(EventSocket socket, ClientConnections all, long now) {
    this.socket = socket;
    this.all = all;
    since = now;
    socket.whenSent(this::sent);
  }

  /**
   * The connection of the request that the current thread answers.
   *
   * @throws java.util.NoSuchElementException if it answers none
   */
  public static ClientConnection current() {
    return CURRENT.get();
  }

  /** The same; null if it answers none. */
  static @Nullable ClientConnection currentOrNull() {
    return CURRENT.isBound() ? CURRENT.get() : null;
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
          socket.whenReadable(this::watch);
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
    socket.reset();
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
    var all = Server.raw(why);
    try {
      write(all, 0, all.length);
    } catch (IOException e) {
      // It is to end anyway
    } finally {
      closeSocket();
    }
  }

  /** Before the first request. */
  void writer(AnswerWriter ofAnswers) {
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

  /**
   * Writes a part of an answer past the web server, in the form of its body; waits until the kernel
   * has it, unless this is the event loop's thread. Not by two threads at once.
   *
   * @throws IOException if the connection is closed
   */
  public void answer(byte[] bytes, int offset, int length) throws IOException {
    var answers = writer;
    if (answers == null) {
      write(bytes, offset, length);
    } else {
      answers.write(bytes, offset, length);
    }
  }

  /** Writes all of it; waits until the kernel has it, unless this is the event loop's thread. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    if (writingSince == 0) {
      writingSince = all.now() | 1;
    }
    try {
      socket.write(bytes, offset, length);
    } finally {
      wrote();
    }
  }

  private void wrote() {
    if (!socket.stuck()) {
      writingSince = 0;
    }
  }

  /** Whether something was written on the event loop that the client does not take. */
  boolean stuck() {
    return socket.stuck();
  }

  /** What is done on the loop once the client has taken that, or never will. */
  void whenSent(Runnable todo) {
    onSent = todo;
  }

  private void sent() {
    wrote();
    onSent.run();
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
      bytes = read();
    } catch (IOException e) {
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

  /**
   * Reads in the place of the loop; waits while another thread tells the client that it is over.
   */
  private boolean ready() {
    try {
      if (watching) {
        watching = false;
        socket.whenReadable(null);
      }
      while (phase == Phase.OVER && !closed) {
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

  /** Not by two threads at once; null at the end. */
  private byte @Nullable [] read() throws IOException {
    var bytes = new byte[phase() == Phase.BODY ? MOST_OF_BODY : MOST_AT_ONCE];
    int n = socket.read(bytes, 0, bytes.length);
    return n < 0 ? null : Arrays.copyOf(bytes, n);
  }

  /** On the loop. */
  private synchronized void watch() {
    if (!watching) {
      return;
    }
    byte[] bytes = null;
    try {
      bytes = read();
      if (bytes != null && bytes.length == 0) {
        return;
      }
    } catch (IOException e) {
      // It broke, which is an end as well
    }
    watching = false;
    socket.whenReadable(null);
    ahead = bytes;
    ended = bytes == null;
    if (ended && onLeave != null) {
      onLeave.run();
    }
  }

  private void closeSocket() {
    socket.close();
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }
}
