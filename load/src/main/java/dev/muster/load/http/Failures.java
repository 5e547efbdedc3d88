package dev.muster.load.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;

/** What an exception of a socket means. The JDK tells some by their message alone. */
final class Failures {
  private Failures() {}

  static ExchangeFailure kind(IOException e) {
    var message = Objects.requireNonNullElse(e.getMessage(), "").toLowerCase(Locale.ROOT);
    if (e instanceof SSLException) {
      return ExchangeFailure.TLS;
    } else if (message.contains("refused")) {
      return ExchangeFailure.REFUSED;
    } else if (e instanceof NoRouteToHostException
        || message.contains("unreachable")
        || message.contains("no route")
        || message.contains("timed out")) {
      return ExchangeFailure.UNREACHABLE;
    } else if (message.contains("reset") || message.contains("broken pipe")) {
      return ExchangeFailure.RESET;
    }
    return e instanceof ConnectException ? ExchangeFailure.UNREACHABLE : ExchangeFailure.CLOSED;
  }

  static String words(ExchangeFailure kind, IOException e, Origin origin) {
    return switch (kind) {
      case REFUSED -> "connection refused by " + origin;
      case RESET -> "connection reset by " + origin;
      case TLS -> "TLS with " + origin + ": " + root(e);
      case UNREACHABLE -> origin + " can not be reached: " + root(e);
      default -> "connection to " + origin + " failed: " + root(e);
    };
  }

  /** The innermost cause is what a person can act upon. */
  private static String root(Throwable e) {
    var cause = e;
    for (int depth = 0; depth < 10 && cause.getCause() != null; depth++) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
