package dev.muster.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * As much of an API server as a run needs up to its watches, on loopback: one ready node, one ready
 * pod, every right. How it fails is up to the test.
 */
final class StubApi implements AutoCloseable {
  /** What it does instead of a good answer; true if it did. */
  interface Failure {
    boolean instead(StubApi api, HttpExchange of) throws IOException, InterruptedException;
  }

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> LISTS =
      Map.of(
          "/api/v1/nodes",
          """
          {"metadata": {"name": "n1", "uid": "1"}, "spec": {}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}\
          """,
          "/api/v1/pods",
          """
          {"metadata": {"name": "w-1", "namespace": "s", "uid": "2", "labels": {"app": "w"}},
           "spec": {"nodeName": "n1", "containers": [{"name": "c"}]},
           "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}\
          """);

  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final Map<String, String> objects = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Failure failure;

  StubApi(Failure failure) throws IOException {
    this.failure = failure;
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(exchange.getRequestMethod() + " " + path);
    byte[] sent = exchange.getRequestBody().readAllBytes();
    exchange.setStreams(new ByteArrayInputStream(sent), null); // for whoever answers instead
    String body = new String(sent, StandardCharsets.UTF_8);
    try {
      if (failure.instead(this, exchange)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    switch (exchange.getRequestMethod()) {
      case "POST", "PUT" -> answer(exchange, 200, written(path, body));
      case "DELETE" -> answer(exchange, 200, String.valueOf(objects.remove(path)));
      default -> read(exchange, path);
    }
  }

  private String written(String path, String body) {
    ObjectNode object = (ObjectNode) JSON.readTree(body);
    object.withObject("/metadata").put("resourceVersion", "7");
    object.withObject("/status").put("allowed", true);
    String name = object.path("metadata").path("name").asString("");
    objects.put(path.endsWith("/" + name) ? path : path + "/" + name, object.toString());
    return object.toString();
  }

  private void read(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/version")) {
      answer(exchange, 200, "{\"major\": \"1\", \"minor\": \"34\"}");
    } else if (path.contains("/leases/")) {
      String found = objects.get(path);
      answer(exchange, found == null ? 404 : 200, found == null ? "{}" : found);
    } else {
      String items = LISTS.getOrDefault(path.replace("/namespaces/s", ""), "");
      answer(
          exchange,
          200,
          "{\"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"7\"}, \"items\": [%s]}"
              .formatted(items));
    }
  }

  /** To a review of rights that has this word: no. True if it was one. */
  static boolean denied(HttpExchange exchange, String word) throws IOException {
    if (!exchange.getRequestURI().getPath().endsWith("selfsubjectaccessreviews")) {
      return false;
    }
    byte[] review = exchange.getRequestBody().readAllBytes();
    boolean allowed = !new String(review, StandardCharsets.UTF_8).contains(word);
    answer(exchange, 201, "{\"status\": {\"allowed\": %b}}".formatted(allowed));
    return true;
  }

  static void answer(HttpExchange exchange, int code, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  /** Takes what is asked and does not answer while this server is open. */
  void hang() throws InterruptedException {
    closed.await();
  }

  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        current-context: c
        contexts: [{name: c, context: {cluster: c}}]
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        """
            .formatted(server.getAddress().getPort()));
  }

  /** Method and path, in the order of arrival. */
  List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
