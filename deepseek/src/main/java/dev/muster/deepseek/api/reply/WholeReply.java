package dev.muster.deepseek.api.reply;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Completion;
import dev.muster.deepseek.wire.http.ClientConnection;
import dev.muster.deepseek.wire.http.Server;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * One JSON body, put together here from the worker's stream. Until it is complete the client has
 * seen nothing but empty lines, so that any other worker may start it anew.
 */
public final class WholeReply implements Reply {
  private static final Duration EMPTY_LINES = Duration.ofSeconds(1);

  private final Head head;
  private final Completion completion = new Completion();
  private final UnaryOperator<String> form;
  private long lineDue;

  /**
   * @param form of the body, made of a chat's
   */
  public WholeReply(
      ServerResponse response, ClientConnection client, Duration hold, UnaryOperator<String> form) {
    this.form = form;
    head = new Head(response, client, Server.JSON, hold);
  }

  @Override
  public void attempt(String pod, int attempts) {
    head.attempt(pod, attempts);
  }

  @Override
  public void restart() {
    completion.clear();
  }

  /** Proxies cut silent connections, and a client that left is only noticed by writing to it. */
  @Override
  public void alive() {
    if (head.overdue() && System.nanoTime() - lineDue >= 0) {
      lineDue = System.nanoTime() + EMPTY_LINES.toNanos();
      head.write("\n");
    }
  }

  @Override
  public void event(Chunk chunk, String id) {
    completion.add(chunk.toString());
    alive();
  }

  @Override
  public void flush() {
    // the client gets all of it at the end
  }

  @Override
  public boolean begun() {
    return head.sent();
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public void finish() {
    head.add(form.apply(completion.json()).getBytes(StandardCharsets.UTF_8));
    head.close();
  }

  @Override
  public void fail(ApiError error) {
    if (head.sent()) {
      head.add(error.json().getBytes(StandardCharsets.UTF_8));
      head.close();
    } else {
      head.refuse(error);
    }
  }

  @Override
  public void cut() {
    head.close();
  }

  @Override
  public int status() {
    return head.status();
  }
}
