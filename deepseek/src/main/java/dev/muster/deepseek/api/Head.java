package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Server;
import dev.muster.deepseek.wire.TokenChain;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer, held back until it is known who answers, and the body behind it. One
 * thread uses it.
 */
final class Head {
  private final ServerResponse response;
  private final Header type;
  private final long heldUntil;
  private String pod = "";
  private int attempts;
  private int status = 200;
  private @Nullable OutputStream out;

  Head(ServerResponse response, Header type, Duration hold) {
    this.response = response;
    this.type = type;
    this.heldUntil = System.nanoTime() + hold.toNanos();
  }

  void attempt(String worker, int number) {
    pod = worker;
    attempts = number;
  }

  boolean sent() {
    return out != null;
  }

  int status() {
    return status;
  }

  /** Whether the client has waited long enough for a sign of life. */
  boolean overdue() {
    return sent() || System.nanoTime() - heldUntil >= 0;
  }

  /** Sends a part of the body, and before it the head. */
  void write(String text) {
    try {
      if (out == null) {
        response
            .header(type)
            .header(HeaderNames.CACHE_CONTROL.defaultCase(), "no-cache")
            .header(TokenChain.HEADER, TokenChain.CHAIN); // known before a worker answers
        stamp();
        out = response.outputStream();
      }
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException | RuntimeException e) {
      throw new Reply.ClientGone(e);
    }
  }

  /** The regular end of the body. */
  void close() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException | RuntimeException e) {
      throw new Reply.ClientGone(e);
    }
  }

  /** A refusal instead of a body; only before the head was sent. */
  void refuse(ApiError error) {
    status = error.status();
    stamp();
    try {
      Server.send(response, error);
    } catch (RuntimeException e) {
      throw new Reply.ClientGone(e);
    }
  }

  private void stamp() {
    if (attempts > 0) {
      response.header("x-served-by", pod).header("x-attempts", Integer.toString(attempts));
    }
  }
}
