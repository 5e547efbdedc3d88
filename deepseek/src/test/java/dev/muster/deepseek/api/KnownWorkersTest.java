package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a gateway tells of the workers that it knows, with a real etcd. */
@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class KnownWorkersTest {
  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private LocalEtcd etcd;
  private FreezableLink link;
  private Gateway near;
  private Gateway far;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LocalEtcd(folder);
    link = new FreezableLink(etcd.endpoint());
    near = gateway("near", etcd.endpoint());
    far = gateway("far", link.endpoint());
  }

  @AfterEach
  void stop() throws IOException {
    near.drain(Duration.ZERO);
    far.drain(Duration.ZERO);
    link.close();
    etcd.close();
    client.close();
  }

  private static Gateway gateway(String pod, String endpoint) {
    return Gateway.start(
        GatewayConfig.from(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "DEBUG_PORT", "0",
                "POD_NAME", pod,
                "ETCD_ENDPOINTS", endpoint,
                "WATCH_SILENCE", "1s",
                "DRAIN_DELAY", "0s")),
        InstantSource.system(),
        new Log(new PrintStream(OutputStream.nullOutputStream()), InstantSource.system(), "", ""));
  }

  private void register(String pod) throws IOException {
    var registration = new Registration(pod, "127.0.0.1:9", "ready");
    new Etcd(List.of(URI.create(etcd.endpoint())), Duration.ofSeconds(5))
        .put(registration.key(), registration.json());
  }

  private JsonNode known(Gateway gateway) throws IOException, InterruptedException {
    return Json.parse(get(gateway.debugPort()).body());
  }

  private java.net.http.HttpResponse<String> get(int port)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + port + "/debug/workers");
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  @Test
  void aGatewayTellsItsWorkersAndHowNewThatIsOnItsOwnPortAlone() throws Exception {
    register("w1");
    register("w2");
    await().until(() -> known(near).path("workers").size() == 2);
    assertThat(known(near).path("workers").valueStream().map(JsonNode::asString))
        .containsExactlyInAnyOrder("w1", "w2");
    assertThat(known(near).path("revision").asLong(0)).isGreaterThanOrEqualTo(3);
    assertThat(get(near.port()).statusCode()).isEqualTo(404);
  }

  @Test
  void aGatewayWhoseWatchIsStuckTellsTheWorkersAndTheRevisionOfThen() throws Exception {
    register("w1");
    await().until(() -> known(far).path("workers").size() == 1);
    link.freeze();
    var then = known(far).path("revision").asLong(0);
    register("w2");
    await().until(() -> known(near).path("workers").size() == 2);
    assertThat(known(near).path("revision").asLong(0)).isGreaterThan(then);
    assertThat(known(far).path("workers").valueStream().map(JsonNode::asString))
        .containsExactly("w1");
    assertThat(known(far).path("revision").asLong(0)).isEqualTo(then);
  }
}
