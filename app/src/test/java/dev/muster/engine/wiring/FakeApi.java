package dev.muster.engine.wiring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executors;

/**
 * An API server of a cluster with one node, n1, and nothing of Muster's. The node lives as long as
 * a file says {@code on}, which a power command writes.
 */
public final class FakeApi implements AutoCloseable {
  private final Path power;
  private final HttpServer server;
  private long renewals;

  public FakeApi(Path power) throws IOException {
    this.power = power;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: t}}]
        """
            .formatted(server.getAddress().getPort()));
  }

  private boolean on() throws IOException {
    return Files.readString(power).strip().equals("on");
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (path.endsWith("/leases/n1")) {
        send(exchange, 200, lease());
      } else if (path.contains("/leases")) { // of the drill: free, and taken by whoever asks
        boolean write = exchange.getRequestMethod().equals("POST");
        send(
            exchange, write ? 201 : 404, write ? text(body) : "{\"kind\":\"Status\",\"code\":404}");
      } else if (path.endsWith("/proxy/healthz")) {
        send(exchange, on() ? 200 : 503, "ok");
      } else if (path.endsWith("/nodes/n1")) {
        send(exchange, 200, node());
      } else if (path.endsWith("/nodes")) {
        send(exchange, 200, list("Node", node()));
      } else if (path.endsWith("/version")) {
        send(exchange, 200, "{\"major\":\"1\",\"minor\":\"37\",\"gitVersion\":\"v1.37.2\"}");
      } else {
        send(exchange, 200, list("Pod", ""));
      }
    }
  }

  private synchronized String lease() throws IOException {
    renewals += on() ? 1 : 0;
    return """
    {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"n1"},
     "spec":{"renewTime":"%s"}}
    """
        .formatted(Instant.parse("2026-01-01T00:00:00.000001Z").plusSeconds(renewals));
  }

  private String node() throws IOException {
    return """
    {"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","resourceVersion":"1"},
     "status":{"conditions":[{"type":"Ready","status":"%s"}]}}
    """
        .formatted(on() ? "True" : "Unknown");
  }

  private static String list(String kind, String items) {
    return """
    {"apiVersion":"v1","kind":"%sList","metadata":{"resourceVersion":"1"},"items":[%s]}
    """
        .formatted(kind, items);
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
