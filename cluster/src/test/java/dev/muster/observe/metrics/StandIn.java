package dev.muster.observe.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands for Prometheus, Alertmanager or Grafana in unit tests: a small HTTP server in this process
 * that answers what it was told and remembers what it was asked.
 */
public final class StandIn implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;

  public StandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        exchange.getRequestMethod()
            + " "
            + uri.getRawPath()
            + (uri.getQuery() == null ? "" : "?" + uri.getQuery())
            + (body.isEmpty() ? "" : " " + body)
            + authorization(exchange));
    String known = answers.get(uri.getRawPath());
    byte[] bytes = (known == null ? "nothing there" : known).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(known == null ? 404 : status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static String authorization(HttpExchange exchange) {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    return given == null ? "" : " [" + given + "]";
  }

  public StandIn answering(String path, String json) {
    answers.put(path, json);
    return this;
  }

  public StandIn status(int code) {
    status = code;
    return this;
  }

  /** Method, path with decoded query, body, and the authorization in brackets. */
  public List<String> asked() {
    return asked;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
