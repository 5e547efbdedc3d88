package dev.muster.deepseek.wire;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
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
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private Server() {}

  /**
   * Starts listening.
   *
   * @param port 0 for any free one
   * @param maxBody largest request body in bytes; larger ones get 413
   */
  public static WebServer start(String host, int port, long maxBody, HttpRouting.Builder routing) {
    // Helidon's own lines are not JSON; a broken connection is logged by us where it matters
    HELIDON.setLevel(Level.SEVERE);
    routing.error(ApiError.class, (request, response, error) -> send(response, error));
    return WebServer.builder()
        .host(host)
        .port(port)
        .maxPayloadSize(maxBody)
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        // Without it Nagle's algorithm holds the first token back for 41 ms
        .connectionOptions(options -> options.tcpNoDelay(true))
        .routing(routing)
        .build()
        .start();
  }

  public static void send(ServerResponse response, ApiError error) {
    send(response, error.status(), error.json());
  }

  public static void send(ServerResponse response, int status, String json) {
    response.status(Status.create(status)).header(JSON).send(json);
  }

  public static void metrics(ServerResponse response, String text) {
    response.header(METRICS).send(text);
  }
}
