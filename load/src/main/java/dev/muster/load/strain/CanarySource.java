package dev.muster.load.strain;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves one stream on loopback whose events are due at known times: event n at n times the
 * interval after {@link #began}, by {@link System#nanoTime}. Its data is n.
 */
final class CanarySource implements AutoCloseable {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

  private final ServerSocket server;
  private final Duration every;
  private final long began = System.nanoTime();
  private volatile boolean closed;

  CanarySource(Duration every) throws IOException {
    this.every = every;
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    // a platform thread, as the generator's: what holds those up holds this one up too
    Thread.ofPlatform().daemon().name("load-canary").start(this::serve);
  }

  int port() {
    return server.getLocalPort();
  }

  /** When event n is due. */
  long due(long n) {
    return began + n * every.toNanos();
  }

  /** The next event that is due. */
  private long next() {
    return (System.nanoTime() - began) / every.toNanos() + 1;
  }

  private void serve() {
    while (!closed) {
      try (Socket socket = server.accept()) {
        socket.setTcpNoDelay(true);
        readHead(socket.getInputStream());
        send(socket, HEAD);
        // those that a pause has made overdue are sent at once: their lag is what is to be seen
        for (long n = next(); !closed; n++) {
          for (long left; (left = due(n) - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
          }
          send(socket, "data: " + n + "\n\n");
        }
      } catch (IOException e) {
        // the client went away, and comes again if it wants to
      }
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void readHead(InputStream in) throws IOException {
    int lineEnds = 0;
    while (lineEnds < 2) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("no request");
      }
      lineEnds = b == '\n' ? lineEnds + 1 : b == '\r' ? lineEnds : 0;
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      // nobody connects to it any more
    }
  }
}
