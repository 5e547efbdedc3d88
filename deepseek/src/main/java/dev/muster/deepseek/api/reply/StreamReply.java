package dev.muster.deepseek.api.reply;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Chunks;
import dev.muster.deepseek.wire.http.ClientConnection;
import dev.muster.deepseek.wire.http.Server;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Events as they come. After the first one no other worker can begin anew. */
public final class StreamReply implements Reply {
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(1);

  private static final byte[] ID = bytes("id: ");
  private static final byte[] NEWLINE = bytes("\n");
  private static final byte[] DATA = bytes("data: ");
  private static final byte[] END = bytes("\n\n");
  private static final byte[] DONE = bytes(Chunks.DONE);

  private final Head head;
  private long aliveDue = System.nanoTime();
  private final UnaryOperator<Chunk> form;
  private boolean begun;

  /**
   * @param form of an event, made of a chat's
   */
  public StreamReply(
      ServerResponse response, ClientConnection client, Duration hold, UnaryOperator<Chunk> form) {
    this.form = form;
    head = new Head(response, client, Server.EVENTS, hold);
  }

  @Override
  public void attempt(String pod, int attempts) {
    head.attempt(pod, attempts);
  }

  @Override
  public void restart() {
    // nothing was told
  }

  @Override
  public void alive() {
    if (head.overdue() && System.nanoTime() - aliveDue >= 0) {
      aliveDue = System.nanoTime() + SIGN_OF_LIFE.toNanos();
      head.write(Chunks.KEEP_ALIVE);
    }
  }

  @Override
  public void event(Chunk chunk, String id) {
    var json = form.apply(chunk).json(); // before anything: it may be none
    begun = true;
    if (!id.isEmpty()) {
      head.add(ID);
      head.add(bytes(id));
      head.add(NEWLINE);
    }
    head.add(DATA);
    head.add(json);
    head.add(END);
  }

  @Override
  public void flush() {
    head.flush();
  }

  @Override
  public boolean begun() {
    return head.sent();
  }

  @Override
  public boolean retryable() {
    return !begun;
  }

  @Override
  public void finish() {
    head.add(DONE);
    head.close();
  }

  /** Without {@code [DONE]}: a client that counts on it must not take this for an answer. */
  @Override
  public void fail(ApiError error) {
    if (head.sent()) {
      head.add(bytes("data: " + error.json() + "\n\n"));
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
