package dev.muster.deepseek.api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Why an attempt at a worker failed. */
enum Failure {
  CONNECT,
  /** Silent for too long. */
  SILENT,
  /** The connection broke, or the answer was not one. */
  BROKEN,
  /** The worker's queue is full or it is not ready. */
  BUSY,
  /** The worker answered with another error. */
  ERROR;

  static Failure of(IOException e) {
    return switch (e) {
      case Upstream.Refused r -> r.status() == 503 || r.status() == 429 ? BUSY : ERROR;
      case SocketTimeoutException _ -> SILENT;
      case ConnectException _ -> CONNECT;
      case NoRouteToHostException _ -> CONNECT;
      default -> BROKEN;
    };
  }

  /** A full queue is no reason to leave a worker alone. */
  boolean ejects() {
    return this != BUSY;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
