package dev.muster.agent.pod;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.agent.words.AgentEventWriter;
import dev.muster.wire.AgentEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * Takes what Alertmanager posts to a webhook and tells each notification in a line: the proof that
 * an alert reached somebody. Nothing is kept, and nothing is answered before it was told.
 */
public record Receiver(AgentEventWriter events) {
  private static final int LARGEST = 1 << 20;

  /** Answers until the process is ended. */
  public int run(int port) throws InterruptedException {
    HttpServer server = start(port);
    events.say(new AgentEvent.Listening(server.getAddress().getPort()));
    new CountDownLatch(1).await();
    return 0;
  }

  /**
   * @param port 0 takes any that is free
   */
  HttpServer start(int port) {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
      return server;
    } catch (IOException e) {
      throw AgentEventWriter.failed("can not listen on port " + port, e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String method = exchange.getRequestMethod();
      if (path.equals("/healthz") && method.equals("GET")) {
        send(exchange, 200, "ok");
      } else if (!path.equals("/")) {
        send(exchange, 404, "notifications go to /, looks to /healthz");
      } else if (!method.equals("POST")) {
        send(exchange, 405, "notifications are posted");
      } else {
        take(exchange);
      }
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(LARGEST + 1);
    if (body.length > LARGEST) {
      send(exchange, 413, "a notification has at most " + LARGEST + " bytes");
      return;
    }
    AgentEvent.Notified notified;
    try {
      notified = Notification.of(body);
    } catch (IllegalArgumentException e) {
      send(exchange, 400, "this is no notification of Alertmanager's: " + e.getMessage());
      return;
    }
    events.say(notified);
    send(exchange, 200, "told");
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
