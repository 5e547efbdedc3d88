package dev.muster.deepseek.api.upstream;

import dev.muster.deepseek.wire.ApiError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Why an attempt at a worker failed. */
public enum Failure {
  CONNECT,
  /** Silent for too long. */
  SILENT,
  /** Silent for too long with this request, while it went on with others. */
  STANDING,
  /** The connection broke, or the answer was not one. */
  BROKEN,
  /** The worker's queue is full or it is not ready. */
  BUSY,
  /** The worker shuts down and gives its streams away: what it should do. */
  DRAINED,
  /** The worker does not take the request, and no other one would: that is not its failure. */
  REQUEST,
  /** The worker answered with another error. */
  ERROR;

  public static Failure of(IOException e) {
    return switch (e) {
      case Upstream.Refused r -> of(r);
      case HandedOver _ -> DRAINED;
      case SocketTimeoutException _ -> SILENT;
      case ConnectException _ -> CONNECT;
      case NoRouteToHostException _ -> CONNECT;
      default -> BROKEN;
    };
  }

  /** A worker that shuts down says so inside its stream. */
  static final class HandedOver extends IOException {
    private static final long serialVersionUID = 1;

    HandedOver(String event) {
      super(event);
    }
  }

  /** Of an error inside a worker's stream. */
  public static IOException inBand(String event) {
    return event.contains("\"code\":\"" + ApiError.DRAINING + "\"")
        ? new HandedOver("the worker shuts down: " + event)
        : new IOException("the worker failed inside its stream: " + event);
  }

  /** Without the envelope it is somebody else at the worker's old address. */
  private static Failure of(Upstream.Refused refused) {
    return switch (refused.status()) {
      case 429, 503 -> BUSY;
      case 400, 413, 422 -> refused.body().startsWith("{\"error\"") ? REQUEST : ERROR;
      default -> ERROR;
    };
  }

  /** Neither want of room nor a bad request is a reason to leave a worker alone. */
  public boolean ejects() {
    return this != BUSY && this != REQUEST && this != DRAINED && this != STANDING;
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
