package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
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
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
  }

  private static void answer(HttpExchange of, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    of.sendResponseHeaders(status, bytes.length);
    of.getResponseBody().write(bytes);
    of.close();
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
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + path;
    try (InputStream in = new BundleSource(url, PATIENCE).open()) {
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
  void anotherKindOfAddressIsRefused() {
    assertThatThrownBy(() -> BundleSource.of("oci://registry.example.com/bundle"))
        .isInstanceOf(WrongLabException.class)
        .hasMessageContaining("a bundle is a file, or comes by an http:// or https:// URL");
  }
}
