package dev.muster.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A server on loopback that does what the test wants with each request, byte by byte. */
public final class HostileServer implements AutoCloseable {

  /** What to do with a request; the connection is closed afterwards. */
  public interface Behaviour {
    void answer(String head, String body, Socket socket) throws IOException;
  }

  public static final String STREAM_HEAD =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "content-type: text/event-stream",
          "connection: close",
          "x-gateway: api-1",
          "x-served-by: worker-1",
          "x-attempts: 2",
          "",
          "");

  private static final Pattern LENGTH = Pattern.compile("(?i)\ncontent-length: *(\\d+)");

  private final ServerSocket server;
  private final Behaviour behaviour;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  public final AtomicInteger connections = new AtomicInteger();

  public HostileServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  public static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  public static void answer(Socket socket, int status, String body) throws IOException {
    send(
        socket,
        "HTTP/1.1 %d X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
            .formatted(status, body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  /** With a reset instead of a regular end. */
  public static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Says nothing more until the server is closed. */
  public void stall() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The prompt of a request's body. */
  public static String prompt(String body) {
    return new tools.jackson.databind.json.JsonMapper()
        .readTree(body)
        .at("/messages/0/content")
        .asString();
  }

  private void accept() {
    try {
      while (true) {
        var socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      var head = head(in);
      var length = LENGTH.matcher(head);
      int size = length.find() ? Integer.parseInt(length.group(1)) : 0;
      var body = new String(in.readNBytes(size), StandardCharsets.UTF_8);
      behaviour.answer(head, body, socket);
    } catch (IOException e) {
      // the client went away
    } finally {
      open.remove(socket);
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("end of stream");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
