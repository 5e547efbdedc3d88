package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Chunks;
import dev.muster.deepseek.wire.Server;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;

/** Events as they come. After the first one no other worker can take over. */
final class StreamReply implements Reply {
  private final Head head;
  private boolean begun;

  StreamReply(ServerResponse response, Duration hold) {
    head = new Head(response, Server.EVENTS, hold);
  }

  @Override
  public void attempt(String pod, int attempts) {
    head.attempt(pod, attempts);
  }

  @Override
  public void alive() {
    if (head.overdue()) {
      head.write(Chunks.KEEP_ALIVE);
    }
  }

  @Override
  public void event(String data) {
    begun = true;
    head.write("data: " + data + "\n\n");
  }

  @Override
  public boolean retryable() {
    return !begun;
  }

  @Override
  public void finish() {
    head.write(Chunks.DONE);
    head.close();
  }

  /** Without {@code [DONE]}: a client that counts on it must not take this for an answer. */
  @Override
  public void fail(ApiError error) {
    if (head.sent()) {
      head.write("data: " + error.json() + "\n\n");
      head.close();
    } else {
      head.refuse(error);
    }
  }

  @Override
  public int status() {
    return head.status();
  }
}
