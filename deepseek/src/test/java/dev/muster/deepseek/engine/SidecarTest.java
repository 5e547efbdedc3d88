package dev.muster.deepseek.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.muster.deepseek.api.LocalEtcd;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A health page that says what it is told to, and a real etcd. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class SidecarTest {
  private static final Registration ENGINE = new Registration("llama-0", "10.0.0.1:80", "ready");

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger status = new AtomicInteger(503);
  private final AtomicInteger looks = new AtomicInteger();
  private HttpServer engine;
  private LocalEtcd etcd;
  private Etcd asked;
  private Sidecar sidecar;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    asked = new Etcd(List.of(URI.create(etcd.endpoint())), Duration.ofSeconds(1));
    engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
          looks.incrementAndGet();
        });
    engine.start();
    var environment =
        Map.of(
            "HOST", "127.0.0.1",
            "PORT", "0",
            "POD_NAME", "llama-0",
            "ADVERTISE_ADDRESS", "10.0.0.1:80",
            "ENGINE_URL", "http://127.0.0.1:" + engine.getAddress().getPort(),
            "HEALTH_INTERVAL", "20ms",
            "LEASE_TTL", "60s", // so that it is not this by which it ends
            "HEALTH_FAILURES", "3",
            "ETCD_ENDPOINTS", etcd.endpoint());
    var quiet = new PrintStream(PrintStream.nullOutputStream());
    sidecar =
        Sidecar.start(
            EngineConfig.from(environment),
            new Log(quiet, InstantSource.system(), "registrar", "llama-0"));
  }

  @AfterEach
  void stop() {
    sidecar.drain(Duration.ZERO);
    engine.stop(0);
    etcd.close();
    client.close();
  }

  private List<Registration> registered() throws IOException {
    return asked.list(Registration.PREFIX).entries().stream()
        .map(e -> Registration.parse(e.value()))
        .toList();
  }

  private int probe(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + sidecar.port() + path);
    return client
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private void looksAgain(int times) {
    int now = looks.get();
    await().until(() -> looks.get() >= now + times);
  }

  @Test
  void anEngineIsAWorkerAsLongAsItServes() throws Exception {
    looksAgain(2);
    assertThat(registered()).as("while it loads").isEmpty();
    assertThat(probe("/health/live")).isEqualTo(200);
    assertThat(probe("/health/ready")).isEqualTo(503);

    status.set(200);
    await().untilAsserted(() -> assertThat(registered()).containsExactly(ENGINE));
    await().until(() -> probe("/health/ready") == 200);

    status.set(500);
    await().untilAsserted(() -> assertThat(registered()).isEmpty());
    assertThat(probe("/health/ready")).isEqualTo(503);

    status.set(200);
    await().untilAsserted(() -> assertThat(registered()).containsExactly(ENGINE));
  }

  @Test
  void oneBadLookIsNoReason() throws Exception {
    status.set(200);
    await().untilAsserted(() -> assertThat(registered()).isNotEmpty());
    var revision = asked.list(Registration.PREFIX).revision();
    for (int i = 0; i < 3; i++) {
      status.set(500);
      int now = looks.get();
      await().pollInterval(Duration.ofMillis(1)).until(() -> looks.get() > now);
      status.set(200);
      looksAgain(2);
    }
    assertThat(asked.list(Registration.PREFIX).revision()).isEqualTo(revision);
  }

  @Test
  void oneThatIsGoneIsWithdrawn() {
    status.set(200);
    await().untilAsserted(() -> assertThat(registered()).isNotEmpty());
    engine.stop(0);
    await().untilAsserted(() -> assertThat(registered()).isEmpty());
  }

  @Test
  void whoeverEndsTheSidecarEndsTheRegistration() throws Exception {
    status.set(200);
    await().untilAsserted(() -> assertThat(registered()).isNotEmpty());
    sidecar.drain(Duration.ofSeconds(1));
    assertThat(registered()).isEmpty();
  }
}
