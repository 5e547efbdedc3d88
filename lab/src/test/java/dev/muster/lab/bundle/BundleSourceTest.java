package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.lab.host.WrongLabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BundleSourceTest {
  private static final Duration PATIENCE = Duration.ofMillis(400);
  private final CountDownLatch over = new CountDownLatch(1);

  @SuppressWarnings("NullAway.Init") // started before each test
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/good", of -> answer(of, 200, "bundle"));
    server.createContext("/none", of -> answer(of, 404, "no such bundle"));
    server.createContext("/silent", this::silent);
    server.createContext("/half", BundleSourceTest::half);
    server.createContext("/moved", of -> moved(of, "/good"));
    server.createContext("/round", of -> moved(of, "/round"));
    server.createContext("/down", of -> moved(of, "file:///etc/hostname"));
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private static void answer(HttpExchange of, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    of.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    of.getResponseBody().write(bytes);
    of.close();
  }

  private static void moved(HttpExchange of, String to) throws IOException {
    of.getResponseHeaders().set("Location", to);
    answer(of, 302, "");
  }

  private void silent(HttpExchange of) throws IOException {
    of.sendResponseHeaders(200, 100);
    of.getResponseBody().write('x');
    of.getResponseBody().flush();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    of.close();
  }

  private static void half(HttpExchange of) throws IOException {
    of.sendResponseHeaders(200, 100);
    of.getResponseBody().write(new byte[50]);
    of.close();
  }

  private String read(String path) throws IOException {
    return read("http://127.0.0.1:" + server.getAddress().getPort() + path, Map.of());
  }

  private static String read(String url, Map<String, String> environment) throws IOException {
    try (InputStream in = new BundleSource(url, PATIENCE, environment).open(null)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aUrlIsFetched() throws IOException {
    assertThat(read("/good")).isEqualTo("bundle");
  }

  @Test
  void whatTheServerDoesNotHaveIsSaid() {
    assertThatThrownBy(() -> read("/none")).hasMessage("the server answers 404");
  }

  @Test
  void aServerThatGoesSilentIsNotWaitedForForever() {
    assertThatThrownBy(() -> read("/silent"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing came for");
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    server.stop(0);
    assertThatThrownBy(() -> read("/good")).hasMessage("nobody listens there");
  }

  @Test
  void aConnectionThatEndsEarlyIsAnError() {
    assertThatThrownBy(() -> read("/half")).isInstanceOf(IOException.class);
  }

  @Test
  void aServerMaySendOnAndNotForever() throws IOException {
    assertThat(read("/moved")).isEqualTo("bundle");
    assertThatThrownBy(() -> read("/round")).hasMessage("the server sends on more than 5 times");
    assertThatThrownBy(() -> read("/down")).hasMessage("the server sends on from http to file");
  }

  /** The proxy alone knows a host of that name, and is asked for the whole URL. */
  @Test
  void aUrlIsFetchedThroughTheProxyOfTheEnvironment() throws IOException {
    List<String> asked = new CopyOnWriteArrayList<>();
    server.createContext(
        "/through",
        of -> {
          asked.add(of.getRequestHeaders().getFirst("Proxy-Authorization"));
          asked.add(of.getRequestURI().toString());
          answer(of, 200, "by proxy");
        });
    int port = server.getAddress().getPort();
    var environment = Map.of("http_proxy", "http://me:word@127.0.0.1:" + port);
    assertThat(read("http://files.invalid/through", environment)).isEqualTo("by proxy");
    assertThat(asked).containsExactly("Basic bWU6d29yZA==", "http://files.invalid/through");
    server.stop(0);
    assertThatThrownBy(() -> read("http://files.invalid/through", environment))
        .hasMessage("nobody listens at the proxy 127.0.0.1:" + port);
  }

  @Test
  void aProxyThatWantsAPasswordSaysSo() {
    server.createContext("/closed", of -> answer(of, 407, "who are you?"));
    var environment = Map.of("HTTP_PROXY", "127.0.0.1:" + server.getAddress().getPort());
    assertThatThrownBy(() -> read("http://files.invalid/closed", environment))
        .hasMessageContaining("or wants some: http://USER:PASSWORD@HOST:PORT");
  }

  @Test
  void aProxyThatCanNotBeUsedIsRefusedWithoutItsPassword() {
    var environment = Map.of("HTTP_PROXY", "socks5://me:secret@127.0.0.1:1");
    assertThatThrownBy(() -> read("http://files.invalid/x", environment))
        .isInstanceOf(WrongLabException.class)
        .hasMessageStartingWith("HTTP_PROXY is no proxy that Muster can use")
        .message()
        .doesNotContain("secret");
  }

  /** What goes to a proxy for https is where it shall lead, and nothing of what is asked there. */
  @Test
  void httpsGoesThroughATunnel() throws Exception {
    try (var proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var first = new CompletableFuture<String>();
      Thread.ofVirtual()
          .start(() -> {
            try (var socket = proxy.accept();
                var lines =
                    new BufferedReader(
                        new InputStreamReader(
                            socket.getInputStream(), StandardCharsets.US_ASCII))) {
              first.complete(lines.readLine());
              socket
                  .getOutputStream()
                  .write("HTTP/1.1 502 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              first.completeExceptionally(e);
            }
          });
      var environment = Map.of("HTTPS_PROXY", "127.0.0.1:" + proxy.getLocalPort());
      assertThatThrownBy(() -> read("https://files.invalid/x?secret", environment))
          .isInstanceOf(IOException.class);
      assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo("CONNECT files.invalid:443 HTTP/1.1");
    }
  }

  @Test
  void anotherKindOfAddressIsRefused() {
    assertThatThrownBy(() -> BundleSource.of("ftp://files.example.com/bundle"))
        .isInstanceOf(WrongLabException.class)
        .hasMessageContaining(
            "a bundle is a file, or comes by a URL with http://, https:// or oci");
    assertThatThrownBy(() -> BundleSource.of("oci://bundles/muster"))
        .isInstanceOf(WrongLabException.class)
        .hasMessageContaining("names no registry");
  }

  @Test
  void onlyATagOfARegistryIsAPlaceForABundle() {
    assertThat(BundleSource.registry("oci://registry.example.com/x:1").where()).endsWith("x:1");
    String pinned = "oci://registry.example.com/x@sha256:" + "0".repeat(64);
    for (String where : List.of("bundle.tar.zst", "https://files.example.com/x", pinned)) {
      assertThatThrownBy(() -> BundleSource.registry(where))
          .isInstanceOf(WrongLabException.class)
          .hasMessageContaining(where + " is no place for a bundle");
    }
  }

  @Test
  void whatTheEnvironmentHoldsIsNotTold() {
    var source = new BundleSource("x", PATIENCE, Map.of("HTTPS_PROXY", "http://me:secret@p:1"));
    assertThat(source).hasToString("x");
  }
}
