package dev.muster.load.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class Http1ClientTest {
  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  private static final Duration LONG = Duration.ofSeconds(20);

  private interface Behaviour {
    void serve(Socket socket, int connection) throws IOException;
  }

  private final Loop loop = new Loop("test-sockets");
  private final List<ServerSocket> servers = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger connections = new AtomicInteger();
  private final Semaphore closed = new Semaphore(0);

  @AfterEach
  void close() throws IOException {
    loop.close();
    for (var server : servers) {
      server.close();
    }
  }

  private URI serve(ServerSocket server, String scheme, Behaviour behaviour) {
    servers.add(server);
    Thread.startVirtualThread(() -> {
      while (true) {
        try {
          var socket = server.accept();
          int number = connections.incrementAndGet();
          Thread.startVirtualThread(() -> {
            try (socket) {
              behaviour.serve(socket, number);
            } catch (IOException e) {
              // the client went away
            }
            closed.release();
          });
        } catch (IOException e) {
          return;
        }
      }
    });
    return URI.create(scheme + "://localhost:" + server.getLocalPort());
  }

  private URI serve(Behaviour behaviour) throws IOException {
    return serve(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", behaviour);
  }

  /** Answers every request of a connection. */
  private static Behaviour each(String answer) {
    return (socket, number) -> {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      for (String line; (line = in.readLine()) != null; ) {
        if (line.isEmpty()) {
          say(socket, answer);
        }
      }
    };
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static final class Told implements Exchange.Listener {
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<String> end = new CompletableFuture<>();

    private String get() {
      return end.orTimeout(40, TimeUnit.SECONDS).join();
    }

    @Override
    public void sent() {
      text.append("sent ");
    }

    @Override
    public void head(ResponseHead head) {
      text.append(head.status()).append(' ');
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
      text.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void whole() {
      end.complete(text + " whole");
    }

    @Override
    public void broken(ExchangeFailure why, String words) {
      end.complete(text.toString() + why + ": " + words);
    }
  }

  private Http1Client client(URI url, SSLContext trust, Duration toBeWhole) {
    return new Http1Client(loop, Origin.of(url, trust), Duration.ofSeconds(5), toBeWhole, null);
  }

  private Http1Client client(URI url) throws Exception {
    return client(url, SSLContext.getDefault(), LONG);
  }

  private static String ask(Http1Client client) {
    var told = new Told();
    client.send(RequestBytes.post("/", Map.of("host", "h"), new byte[0]), told);
    return told.get();
  }

  /** What comes in pieces may take longer in all than the silence between them may. */
  @Test
  void nothingMayComeForSoLong() throws Exception {
    var url =
        serve((socket, _) -> {
          say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n");
          for (int n = 0; n < 8; n++) {
            LockSupport.parkNanos(100_000_000);
            say(socket, "o");
          }
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
    var origin = Origin.of(url, SSLContext.getDefault());
    var client = new Http1Client(loop, origin, LONG, LONG, Duration.ofMillis(600));
    assertThat(ask(client)).isEqualTo("sent 200 ooooooooSILENT: nothing came for 0.6 s");
    assertThat(closed.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    var client = client(serve(each(OK)));
    for (int n = 0; n < 20; n++) {
      assertThat(ask(client)).isEqualTo("sent 200 ok whole");
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void aConnectionThatTheServerClosedIsNotUsedAgain() throws Exception {
    var client =
        client(
            serve((socket, number) -> {
              socket.getInputStream().readNBytes(47);
              say(socket, OK); // and closes, which it did not say
            }));
    for (int n = 0; n < 20; n++) {
      assertThat(ask(client)).isEqualTo("sent 200 ok whole");
      closed.acquire();
    }
    assertThat(connections).hasValue(20);
  }

  @Test
  void aLargeRequestIsSentWholeAndAnAnswerBeforeItsEndCounts() throws Exception {
    var received = new AtomicInteger();
    var big = new byte[8 << 20];
    var client =
        client(
            serve((socket, number) -> {
              var in = socket.getInputStream();
              var buffer = new byte[65536];
              while (received.get() < big.length) {
                received.addAndGet(in.read(buffer));
              }
              say(socket, OK);
            }));
    var told = new Told();
    client.send(RequestBytes.post("/", Map.of("host", "h"), big), told);
    assertThat(told.get()).isEqualTo("sent 200 ok whole");
    assertThat(received.get()).isGreaterThan(big.length);
    var strict =
        client(
            serve((socket, number) -> {
              say(socket, "HTTP/1.1 413 X\r\ncontent-length: 0\r\n\r\n");
              socket.getInputStream().readNBytes(big.length / 2);
            }));
    told = new Told();
    strict.send(RequestBytes.post("/", Map.of("host", "h"), big), told);
    assertThat(told.get()).startsWith("sent 413 ").endsWith("whole");
  }

  @Test
  void whyItBrokeIsTold() throws Exception {
    int port;
    try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    assertThat(ask(client(URI.create("http://127.0.0.1:" + port))))
        .isEqualTo("sent REFUSED: connection refused by 127.0.0.1:" + port);
    assertThat(ask(client(URI.create("http://no-such-host.invalid"))))
        .isEqualTo("sent UNRESOLVED: no address is known for no-such-host.invalid");
    assertThat(ask(client(serve((socket, number) -> {}))))
        .matches("sent (CLOSED: localhost:\\d+ closed the connection before it answered|RESET.*)");
    assertThat(
            ask(
                client(
                    serve((socket, number) -> {
                      socket.getInputStream().read();
                      say(socket, OK.substring(0, OK.length() - 1));
                      socket.getInputStream().readNBytes(36);
                    }))))
        .matches("sent 200 oCLOSED: localhost:\\d+ closed the connection inside its answer");
    assertThat(
            ask(
                client(
                    serve((socket, number) -> {
                      socket.setSoLinger(true, 0);
                    }))))
        .matches("sent RESET: connection reset by localhost:\\d+");
    assertThat(ask(client(serve((socket, number) -> say(socket, "SSH-2.0-x\r\n")))))
        .startsWith("sent PROTOCOL: not an HTTP response");
  }

  @Test
  void timeIsUpAndCutsAreTold() throws Exception {
    var over = new CountDownLatch(1);
    var url =
        serve((socket, number) -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    assertThat(ask(client(url, SSLContext.getDefault(), Duration.ofMillis(300))))
        .isEqualTo("sent TIMED_OUT: not complete 0.3 s after it was sent");
    var told = new Told();
    var exchange = client(url).send(RequestBytes.post("/", Map.of("host", "h"), new byte[0]), told);
    exchange.cut();
    exchange.cut();
    assertThat(told.get()).isEqualTo("sent CUT: cut off by the client");
    over.countDown();
  }

  /** What came while the process stood still came in time. */
  @Test
  void aPauseOfTheClientIsNoTimeoutOfTheServer() throws Exception {
    var client =
        client(
            serve((socket, number) -> {
              socket.getInputStream().read();
              loop.execute(() -> stand(Duration.ofSeconds(1)));
              say(socket, OK);
              socket.getInputStream().readNBytes(100);
            }),
            SSLContext.getDefault(),
            Duration.ofMillis(500));
    assertThat(ask(client)).isEqualTo("sent 200 ok whole");
  }

  private static void stand(Duration time) {
    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() - end < 0; ) {
      Thread.onSpinWait();
    }
  }

  @Test
  void tlsIsVerified(@TempDir Path directory) throws Exception {
    var localhost = Certificates.of(directory, "dns:localhost");
    var server = localhost.server().getServerSocketFactory();
    var url =
        serve(
            server.createServerSocket(0, 50, InetAddress.getLoopbackAddress()), "https", each(OK));
    var trusting = client(url, localhost.trusted(), LONG);
    for (int n = 0; n < 20; n++) {
      assertThat(ask(trusting)).isEqualTo("sent 200 ok whole");
    }
    assertThat(connections).hasValue(1);
    assertThat(ask(client(url)))
        .startsWith("sent TLS: TLS with localhost:")
        .contains("unable to find valid certification path");
    var byAddress = URI.create("https://127.0.0.1:" + url.getPort());
    assertThat(ask(client(byAddress, localhost.trusted(), LONG)))
        .startsWith("sent TLS: ")
        .contains("127.0.0.1");
  }

  @Test
  void aLongAnswerOverTlsIsRead(@TempDir Path directory) throws Exception {
    var localhost = Certificates.of(directory, "dns:localhost");
    var server = localhost.server().getServerSocketFactory();
    var length = 300_000;
    var answer = "HTTP/1.1 200 OK\r\ncontent-length: " + length + "\r\n\r\n" + "x".repeat(length);
    var url =
        serve(
            server.createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            "https",
            each(answer));
    assertThat(ask(client(url, localhost.trusted(), LONG)))
        .hasSize("sent 200  whole".length() + length);
  }

  @Test
  void whatIsNoTlsIsSaid() throws Exception {
    var url =
        serve((socket, number) -> {
          socket.getInputStream().read();
          say(socket, "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
          socket.getInputStream().readAllBytes();
        });
    assertThat(ask(client(URI.create("https://localhost:" + url.getPort()))))
        .startsWith("sent TLS: TLS with localhost:");
  }
}
