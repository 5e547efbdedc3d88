package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Completion;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Server;
import dev.muster.deepseek.wire.Usage;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * One JSON body, put together here from the worker's stream. Until it is complete the client has
 * seen nothing but empty lines, so that any other worker may start it anew.
 */
final class WholeReply implements Reply {
  private static final Duration EMPTY_LINES = Duration.ofSeconds(1);

  private final Head head;
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private String last = "";
  private long lineDue;

  WholeReply(ServerResponse response, Duration hold) {
    head = new Head(response, Server.JSON, hold);
  }

  @Override
  public void attempt(String pod, int attempts) {
    head.attempt(pod, attempts);
    content.setLength(0);
    reasoning.setLength(0);
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
  public void event(String data) {
    var delta = choice(Json.parse(data)).path("delta");
    content.append(delta.path("content").asString(""));
    reasoning.append(delta.path("reasoning_content").asString(""));
    last = data;
    alive();
  }

  @Override
  public boolean retryable() {
    return true;
  }

  @Override
  public void finish() {
    var chunk = Json.parse(last);
    var completion =
        new Completion(
            chunk.path("id").asString(""),
            chunk.path("created").asLong(0),
            chunk.path("model").asString(""),
            content.toString(),
            reasoning.toString(),
            choice(chunk).path("finish_reason").asString(""),
            Usage.of(chunk.path("usage")));
    head.write(completion.json());
    head.close();
  }

  @Override
  public void fail(ApiError error) {
    if (head.sent()) {
      head.write(error.json());
      head.close();
    } else {
      head.refuse(error);
    }
  }

  @Override
  public int status() {
    return head.status();
  }

  private static JsonNode choice(JsonNode chunk) {
    return chunk.path("choices").path(0);
  }
}
