package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {
  private static final String NODES =
      """
      {"kind": "NodeList", "apiVersion": "v1", "metadata": {}, "items": [
        {"metadata": {"name": "node-1"}, "status": {"conditions": [
          {"type": "MemoryPressure", "status": "False"}, {"type": "Ready", "status": "True"}]}},
        {"metadata": {"name": "node-2"}, "status": {"conditions": [
          {"type": "MemoryPressure", "status": "True"}, {"type": "Ready", "status": "Unknown"}]}},
        {"metadata": {"name": "node-3"}, "status": {}}]}
      """;

  @TempDir Path folder;
  private final Map<String, Integer> codes = new ConcurrentHashMap<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] body = (path.equals("/readyz") ? "ok" : NODES).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(codes.getOrDefault(path, 200), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void end() {
    server.stop(0);
  }

  @Test
  void isReadyWhenItSaysSo() throws IOException {
    try (ApiServer api = api()) {
      codes.put("/readyz", 500);
      assertThat(api.ready()).isFalse();
      codes.put("/readyz", 404);
      assertThat(api.ready()).isFalse();
      codes.put("/readyz", 200);
      assertThat(api.ready()).isTrue();
    }
  }

  @Test
  void nodesAreReadyByTheirCondition() throws IOException {
    try (ApiServer api = api()) {
      assertThat(api.readyNodes()).containsExactly("node-1");
      codes.put("/api/v1/nodes", 403);
      assertThat(api.readyNodes()).isEmpty();
    }
  }

  @Test
  void whatDoesNotListenIsNotReady() throws IOException {
    try (ApiServer api = api()) {
      server.stop(0);
      assertThat(api.ready()).isFalse();
      assertThat(api.readyNodes()).isEmpty();
    }
  }

  private ApiServer api() throws IOException {
    Path kubeconfig = folder.resolve("admin.conf");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort()));
    return ApiServer.of(kubeconfig);
  }
}
