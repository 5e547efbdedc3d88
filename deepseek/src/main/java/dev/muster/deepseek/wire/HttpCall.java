package dev.muster.deepseek.wire;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 request on a connection of its own, with a deadline on every read.
 *
 * <p>Why not a pool: a node that loses its power sends neither FIN nor RST, so that a pooled
 * connection to it looks sound and swallows a request. A fresh connection fails within the connect
 * timeout. Why not the JDK's client: it cannot bound the silence inside a body.
 *
 * <p>One thread reads; {@link #close} may be called from any thread and ends the read.
 */
public final class HttpCall implements Closeable {
  /** What fits in any socket's send buffer: writing it cannot block. */
  private static final int NEVER_BLOCKS = 8 * 1024;

  private static final int MAX_LINE = 16 * 1024;

  private final Socket socket;
  private final InputStream in;
  private volatile long deadline;
  private final Map<String, String> headers = new HashMap<>();
  private int status;
  private InputStream body = InputStream.nullInputStream();

  private HttpCall(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(new Bounded(socket.getInputStream()));
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
    var socket = new Socket();
    HttpCall call = null;
    try {
      socket.setTcpNoDelay(true);
      socket.connect(to, (int) Math.max(1, connect.toMillis()));
      call = new HttpCall(socket);
      call.silence(first);
      call.send(to, path, headers, json, first);
      call.readHead();
      return call;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  public int status() {
    return status;
  }

  /** Bytes of the body, already out of their chunks; ends where the body is complete. */
  public InputStream body() {
    return body;
  }

  /** From now on the next bytes must arrive within this time, comments and headers included. */
  public void silence(Duration bound) {
    deadline = System.nanoTime() + bound.toNanos();
  }

  public InetSocketAddress peer() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // A connection that fails to close is as gone as one that closes
    }
  }

  private void send(
      InetSocketAddress to, String path, Map<String, String> extra, byte[] json, Duration bound)
      throws IOException {
    var head = new StringBuilder("POST ").append(path).append(" HTTP/1.1\r\nHost: ");
    head.append(to.getHostString()).append(':').append(to.getPort());
    head.append("\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ");
    head.append(json.length).append("\r\n");
    extra.forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    var start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    var all = new byte[start.length + json.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(json, 0, all, start.length, json.length);
    var guard =
        all.length > NEVER_BLOCKS ? Thread.ofVirtual().start(() -> closeAfter(bound)) : null;
    try {
      socket.getOutputStream().write(all);
    } finally {
      if (guard != null) {
        guard.interrupt();
      }
    }
  }

  /** A write to a host without power blocks once buffers are full, and has no timeout. */
  private void closeAfter(Duration bound) {
    try {
      Thread.sleep(bound);
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readHead() throws IOException {
    var statusLine = line();
    var parts = statusLine.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("\\d{3}")) {
      throw new IOException("not an HTTP answer: " + statusLine);
    }
    status = Integer.parseInt(parts[1]);
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    var length = headers.get("content-length");
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      body = new Chunked();
    } else if (length != null) {
      body = new Fixed(Long.parseLong(length));
    } else {
      body = in;
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("connection closed by the server");
      }
      if (line.length() >= MAX_LINE) {
        throw new IOException("line longer than " + MAX_LINE + " bytes");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** The socket's stream; every read ends by the deadline. */
  private final class Bounded extends InputStream {
    private final InputStream raw;

    Bounded(InputStream raw) {
      this.raw = raw;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      var left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no bytes in time");
      }
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      return raw.read(into, offset, length);
    }
  }

  /** A body of known length; ending before it is an error. */
  private final class Fixed extends InputStream {
    private long left;

    Fixed(long length) {
      left = length;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      var n = in.read(into, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("connection closed inside the body");
      }
      left -= n;
      return n;
    }
  }

  /** A chunked body; ending before the last chunk is an error. */
  private final class Chunked extends InputStream {
    private long left;
    private boolean begun;
    private boolean done;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (done) {
        return -1;
      }
      if (left == 0) {
        nextChunk();
        if (done) {
          return -1;
        }
      }
      var n = in.read(into, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("connection closed inside a chunk");
      }
      left -= n;
      return n;
    }

    private void nextChunk() throws IOException {
      if (begun) {
        line();
      }
      begun = true;
      var size = line();
      var end = size.indexOf(';');
      try {
        left = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
      } catch (NumberFormatException e) {
        throw new IOException("bad chunk size: " + size, e);
      }
      if (left == 0) {
        done = true;
      }
    }
  }
}
