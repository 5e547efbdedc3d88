package dev.muster.deepseek.wire.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A connection that is asked by HTTP/1.1, with a deadline for every read and write: {@link #post}
 * asks once, on a connection of its own; {@link KeptCalls} keeps some for the next question.
 *
 * <p>A node that loses its power sends neither FIN nor RST, so that a kept connection to it looks
 * sound and swallows a request, where a fresh one fails within the connect timeout. So one that is
 * asked again and tells nothing for as long is doubted: another is made beside it, and where that
 * fails, this one has failed in the same way. Why not the JDK's client: it cannot bound the silence
 * inside a body.
 *
 * <p>One thread asks and reads; {@link #close} may be called from any thread and ends the read.
 */
public final class HttpCall implements Closeable {
  private final Watchdog.Watched watched = this::look;
  private final InetSocketAddress to;
  private final int connect; // milliseconds
  private final boolean kept;
  private final InetSocketAddress peer;
  private final EventSocket socket;
  private final HttpInput in;
  private volatile LongSupplier deadline = () -> 0;
  private volatile boolean waiting;
  private volatile boolean late;
  private volatile boolean unheard; // asked again, and no byte came since
  private volatile boolean unreachable;
  private volatile long doubted; // when another connection is made beside it
  private boolean overdue; // the watchdog's
  private boolean fresh; // the loop has not read yet since it was told of bytes
  private Runnable beforeWaiting = () -> {};
  private final Map<String, String> headers = new HashMap<>();
  private int status;
  private HttpInput.Body body;

  private HttpCall(InetSocketAddress to, Duration connect, boolean kept) throws IOException {
    this.to = to;
    this.connect = (int) Math.max(1, connect.toMillis());
    this.kept = kept;
    var channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(to, this.connect);
      peer = (InetSocketAddress) channel.getRemoteAddress();
      socket = new EventSocket(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    in = new HttpInput(new Bounded());
    body = in.fixed(0);
    Watchdog.SHARED.add(watched);
  }

  /** A connection on which one question after the other may be asked. */
  static HttpCall connect(InetSocketAddress to, Duration connect) throws IOException {
    return new HttpCall(to, connect, true);
  }

  /**
   * Sends a POST of JSON and reads the head of the answer.
   *
   * @param headers further headers, each without line breaks
   * @param first bound for the time from the connection to the answer's head
   * @throws SocketTimeoutException if a bound passed
   */
  public static HttpCall post(
      InetSocketAddress to,
      String path,
      Map<String, String> headers,
      byte[] json,
      Duration connect,
      Duration first)
      throws IOException {
    var call = new HttpCall(to, connect, false);
    call.ask(path, headers, json, first);
    return call;
  }

  /**
   * The same with a deadline that may move: an engine that has others to answer first sends no head
   * until it comes to this one.
   *
   * @param deadline of the next byte, as in {@link #until}
   */
  public static HttpCall post(
      InetSocketAddress to,
      String path,
      Map<String, String> headers,
      byte[] json,
      Duration connect,
      LongSupplier deadline)
      throws IOException {
    var call = new HttpCall(to, connect, false);
    call.ask(path, headers, json, deadline);
    return call;
  }

  /** The same on a connection whose answer before is read to its end; one that fails is closed. */
  void ask(String path, Map<String, String> extra, byte[] json, Duration first) throws IOException {
    var end = System.nanoTime() + first.toNanos();
    ask(path, extra, json, () -> end);
  }

  void ask(String path, Map<String, String> extra, byte[] json, LongSupplier end)
      throws IOException {
    try {
      until(end);
      headers.clear();
      send(path, extra, json);
      readHead();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The same once more; it ends with a ConnectException where the server cannot be reached now. */
  void askAgain(String path, Map<String, String> extra, byte[] json, LongSupplier end)
      throws IOException {
    doubted = System.nanoTime() + connect * 1_000_000L;
    unheard = true;
    ask(path, extra, json, end);
  }

  /** Whether nothing came of an answer to what it was asked again. */
  boolean unheard() {
    return unheard;
  }

  InetSocketAddress to() {
    return to;
  }

  /** Nobody waits for anything on it. */
  void rest() {
    deadline = () -> 0;
    beforeWaiting = () -> {};
  }

  public int status() {
    return status;
  }

  /** Bytes of the body, already out of their chunks; ends where the body is complete. */
  public InputStream body() {
    return body;
  }

  /** Whether the body is read to its end, and the connection can be asked again. */
  boolean reusable() {
    return kept
        && body.complete()
        && in.empty()
        && !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
  }

  /** From now on the next bytes must arrive within this time, comments and headers included. */
  public void silence(Duration bound) {
    var end = System.nanoTime() + bound.toNanos();
    deadline = () -> end;
  }

  /**
   * From now on a read ends by this time of {@link System#nanoTime}, which is asked anew while it
   * is waited for: it may have moved.
   */
  public void until(LongSupplier end) {
    deadline = end;
  }

  /** Something to do whenever all that came is read, before more is waited for. */
  public void beforeWaiting(Runnable todo) {
    beforeWaiting = todo;
  }

  public InetSocketAddress peer() {
    return peer;
  }

  /** What is done with a body. */
  public interface Step {
    /**
     * Reads on to the end, or for as long as bytes are there: then a read gives 0.
     *
     * @return whether it is at its end
     */
    boolean read() throws IOException;
  }

  /**
   * Does the step on the event loop until its end, while the current thread waits; the client whose
   * request that thread answers holds it up for as long as it does not take what is written.
   *
   * @param step done each time that bytes are there; must not block
   * @param goesOn done on the loop when the client has taken what held it up
   * @throws IOException what the step throws otherwise; if a bound passed; if the current thread
   *     was interrupted, and then this is closed
   */
  public void relay(Step step, Runnable goesOn) throws IOException {
    var client = ClientConnection.currentOrNull();
    new Relay(
            socket,
            client,
            () -> {
              waiting = false;
              fresh = true;
              boolean over = step.read();
              waiting = !over && (client == null || !client.stuck());
              return over;
            },
            () -> {
              goesOn.run();
              waiting = true;
            })
        .run();
  }

  /**
   * Twice too late is too late: a process that was frozen finds all deadlines passed, and the bytes
   * that came meanwhile still to be read.
   */
  private void look(long nanos) {
    boolean over = waiting && nanos - deadline.getAsLong() >= 0;
    if (over && overdue) {
      late = true;
      close();
    }
    overdue = over;
    if (unheard && waiting && nanos - doubted >= 0) {
      doubted = nanos + Long.MAX_VALUE / 2; // once is enough
      Thread.ofVirtual().name("doubt").start(this::reach);
    }
  }

  private void reach() {
    try (var other = new Socket()) {
      other.connect(to, connect);
    } catch (IOException e) {
      if (unheard) {
        unreachable = true;
        close();
      }
    }
  }

  @Override
  public void close() {
    Watchdog.SHARED.remove(watched);
    socket.close();
  }

  private void send(String path, Map<String, String> extra, byte[] json) throws IOException {
    var head = new StringBuilder(256).append("POST ").append(path).append(" HTTP/1.1\r\nHost: ");
    head.append(to.getHostString()).append(':').append(to.getPort());
    head.append("\r\nContent-Type: application/json\r\n");
    head.append(kept ? "" : "Connection: close\r\n");
    head.append("Content-Length: ").append(json.length).append("\r\n");
    extra.forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    var start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    var all = new byte[start.length + json.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(json, 0, all, start.length, json.length);
    // To a host without power it blocks once buffers are full
    waiting = true;
    try {
      socket.write(all, 0, all.length);
    } catch (IOException e) {
      throw told(e);
    } finally {
      waiting = false;
    }
  }

  private void readHead() throws IOException {
    status = statusOf(in.line());
    for (var line = in.line(); !line.isEmpty(); line = in.line()) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    var length = headers.get("content-length");
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      body = in.chunked(kept);
    } else if (length != null) {
      body = in.fixed(length(length));
    } else {
      body = in.untilClosed();
    }
  }

  private static long length(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("not a content-length: " + text, e);
    }
  }

  private static int statusOf(String line) throws IOException {
    int from = line.indexOf(' ') + 1;
    int status = 0;
    for (int i = from; i < from + 3; i++) {
      int digit = i < line.length() ? line.charAt(i) - '0' : -1;
      status = digit < 0 || digit > 9 ? -1000 : status * 10 + digit;
    }
    boolean more = line.length() > from + 3 && line.charAt(from + 3) != ' ';
    if (!line.startsWith("HTTP/1.") || status < 100 || more) {
      throw new IOException("not an HTTP answer: " + line);
    }
    return status;
  }

  private IOException told(IOException e) {
    return late
        ? new SocketTimeoutException("no bytes in time")
        : unreachable
            ? new ConnectException("no byte on a kept connection, and no other could be made")
            : e;
  }

  /** The socket's bytes; every read ends by the deadline. */
  private final class Bounded extends InputStream {
    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return EventLoop.SHARED.here()
          ? readOnce(into, offset, length)
          : readWaiting(into, offset, length);
    }

    private int readWaiting(byte[] into, int offset, int length) throws IOException {
      beforeWaiting.run();
      waiting = true;
      try {
        return heard(socket.read(into, offset, length));
      } catch (IOException e) {
        throw told(e);
      } finally {
        waiting = false;
      }
    }

    /** The loop says when there is more: to look for it once again would be a system call. */
    private int readOnce(byte[] into, int offset, int length) throws IOException {
      int n = 0;
      if (fresh) {
        fresh = false;
        try {
          n = heard(socket.read(into, offset, length));
        } catch (IOException e) {
          throw told(e);
        }
      }
      if (n == 0) {
        beforeWaiting.run();
      }
      return n;
    }

    private int heard(int n) {
      if (unheard && n > 0) {
        unheard = false;
      }
      return n;
    }
  }
}
