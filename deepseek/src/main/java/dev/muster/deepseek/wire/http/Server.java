package dev.muster.deepseek.wire.http;

import dev.muster.deepseek.wire.ApiError;
import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The web server as both processes want it. */
public final class Server {
  public static final Header JSON =
      HeaderValues.create(HeaderNames.CONTENT_TYPE, "application/json");
  public static final Header EVENTS =
      HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
  private static final Header METRICS =
      HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");

  /** Connections that were accepted and not yet begun with. */
  private static final int NOT_YET_SEEN = 256;

  /**
   * Bytes that the kernel keeps for a client; it takes twice as many. By itself it keeps up to 4
   * MiB for one who does not read, which is memory of the pod.
   */
  private static final int SEND_BUFFER = 64 * 1024;

  /** Envoy does not retry an answer with it, whatever its status is. */
  private static final Header NO_RETRY = HeaderValues.create("x-envoy-ratelimited", "true");

  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private Server() {}

  /**
   * What clients may take of a server.
   *
   * @param connections at once; where there are more, those that are idle for longest are closed
   * @param request bound for the receipt of a request's head, and for that of its body
   * @param write bound for one write to a client: who does not read gives his connection back
   */
  public record Limits(int connections, Duration request, Duration write) {
    /** For those who are trusted. */
    public static final Limits WIDE =
        new Limits(100_000, Duration.ofMinutes(1), Duration.ofMinutes(1));
  }

  /**
   * Starts listening.
   *
   * @param port 0 for any free one
   * @param maxBody largest request body in bytes; larger ones get 413
   */
  public static WebServer start(
      String host, int port, long maxBody, Limits limits, HttpRouting.Builder routing) {
    // Helidon's own lines are not JSON; a broken connection is logged by us where it matters
    HELIDON.setLevel(Level.SEVERE);
    routing.error(ApiError.class, (request, response, error) -> send(response, error));
    routing.addFilter((chain, _, _) -> {
      try {
        chain.proceed();
      } finally {
        ClientConnection.current().answered();
      }
    });
    var sockets =
        new AcceptedSockets(
            SocketOptions.builder()
                // Without it Nagle's algorithm holds the first token back for 41 ms
                .tcpNoDelay(true)
                .socketSendBufferSize(SEND_BUFFER)
                .build());
    var connections = new ClientConnections(limits, sockets, System::nanoTime);
    connections.start();
    return WebServer.builder()
        .host(host)
        .port(port)
        .maxPayloadSize(maxBody)
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        // The only one, so that nothing waits for a first byte where we do not see it
        .protocolsDiscoverServices(false)
        .addConnectionSelector(connections)
        .maxTcpConnections(limits.connections() + NOT_YET_SEEN)
        .directHandlers(refusals(maxBody))
        .connectionOptions(sockets)
        .routing(routing)
        .build()
        .start();
  }

  /** The whole of a refusal as it goes over a connection, of which it is the end. */
  static byte[] raw(ApiError error) {
    var status = Status.create(error.status());
    return "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%sConnection: close\r\n\r\n%s"
        .formatted(
            status.code(),
            status.reasonPhrase(),
            error.body().length,
            error.passes() ? "Retry-After: 1\r\n" : "",
            error.json())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The web server's own refusals, in the same envelope as all others. */
  private static DirectHandlers refusals(long maxBody) {
    DirectHandler handler =
        (_, _, status, headers, message) ->
            DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(JSON)
                .keepAlive(false)
                .entity(ApiError.transport(status.code(), words(status, message, maxBody)).body())
                .build();
    var all = DirectHandlers.builder();
    for (var type : DirectHandler.EventType.values()) {
      all.addHandler(type, handler);
    }
    return all.build();
  }

  private static String words(Status status, String message, long maxBody) {
    return status.code() == 413
        ? "The request body is larger than " + maxBody + " bytes."
        : message == null || status.code() >= 500 ? status.reasonPhrase() : message;
  }

  public static void send(ServerResponse response, ApiError error) {
    if (error.passes()) {
      response.header(
          HeaderNames.RETRY_AFTER.defaultCase(), Long.toString(error.retryAfterSeconds()));
    }
    if (error.overload()) {
      response.header(NO_RETRY);
    }
    send(response, error.status(), error.json());
  }

  public static void send(ServerResponse response, int status, String json) {
    response.status(Status.create(status)).header(JSON).send(json);
  }

  public static void metrics(ServerResponse response, String text) {
    response.header(METRICS).send(text);
  }
}
