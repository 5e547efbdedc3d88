package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Usage;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;

/** One client's request: attempts at workers until one answers. One thread uses it. */
final class Exchange {
  private final Service service;
  private final String requestId;
  private final byte[] body;
  private final Reply reply;
  private final long begin = System.nanoTime();
  private final Set<String> tried = new LinkedHashSet<>();
  private String worker = "";
  private int attempts;
  private long firstToken;
  private int tokens = -1;

  /** What all requests share. */
  record Service(
      GatewayConfig config,
      Fleet fleet,
      RetryBudget budget,
      UsageRecords records,
      GatewayMetrics metrics,
      Log log) {}

  /**
   * @param body what the worker is sent; it asks for a stream
   */
  Exchange(Service service, String requestId, byte[] body, Reply reply) {
    this.service = service;
    this.requestId = requestId;
    this.body = body;
    this.reply = reply;
  }

  /** Runs it to its end; the reply is complete afterwards. */
  Outcome run() {
    try {
      return attempts();
    } catch (Reply.ClientGone e) {
      return Outcome.CANCELLED;
    }
  }

  String worker() {
    return worker;
  }

  int attemptsMade() {
    return attempts;
  }

  /** Tokens of the whole answer; -1 if it did not come to its end. */
  int tokens() {
    return tokens;
  }

  /** Milliseconds to the first token; -1 if there was none. */
  long firstTokenMillis() {
    return firstToken == 0 ? -1 : (firstToken - begin) / 1_000_000;
  }

  private Outcome attempts() {
    service.budget().request();
    var busy = true;
    while (true) {
      var seat = service.fleet().take(tried).orElse(null);
      if (seat == null) {
        return giveUp(busy);
      }
      try (seat) {
        attempt(seat);
        return Outcome.COMPLETE;
      } catch (IOException | JacksonException e) {
        var reason = e instanceof IOException io ? Failure.of(io) : Failure.BROKEN;
        busy &= reason == Failure.BUSY;
        note(seat, reason, e);
        if (!reply.retryable()) {
          return lose(e);
        }
      }
      if (!mayRetry()) {
        return giveUp(busy);
      }
    }
  }

  private void attempt(Fleet.Seat seat) throws IOException {
    worker = seat.pod();
    tried.add(worker);
    reply.attempt(worker, ++attempts);
    try (var upstream = Upstream.open(seat.address(), body, requestId, service.config())) {
      var seen = false;
      while (true) {
        switch (upstream.next()) {
          case Upstream.Comment() -> {
            reply.alive();
            checkAge();
          }
          case Upstream.Data(var data) -> {
            if (data.startsWith("{\"error\"")) {
              throw new IOException("the worker failed inside its stream: " + data);
            }
            if (!seen) {
              seen = true;
              seat.succeeded();
              noteFirstToken();
            }
            // Tokens carry no quotes, so this is the chunk that ends the answer and nothing else
            if (data.contains("\"finish_reason\":\"")) {
              finish(data);
              return;
            }
            reply.event(data);
            checkAge();
          }
        }
      }
    }
  }

  private void finish(String data) {
    var chunk = Json.parse(data);
    var usage = Usage.of(chunk.path("usage"));
    tokens = usage.completion();
    reply.event(data);
    service
        .records()
        .write(
            requestId,
            worker,
            chunk.path("model").asString(""),
            chunk.path("choices").path(0).path("finish_reason").asString(""),
            usage);
    reply.finish();
  }

  private void noteFirstToken() {
    if (firstToken == 0) {
      firstToken = System.nanoTime();
      service.metrics().firstToken((firstToken - begin) / 1e9);
    }
  }

  private void checkAge() throws IOException {
    if (System.nanoTime() - begin > service.config().request().toNanos()) {
      throw new IOException("the request took longer than " + service.config().request());
    }
  }

  private boolean mayRetry() {
    if (attempts >= service.config().maxAttempts()) {
      return false;
    }
    if (!service.budget().take()) {
      service.metrics().budgetSpent();
      return false;
    }
    service.metrics().retried();
    return true;
  }

  private void note(Fleet.Seat seat, Failure reason, Exception e) {
    service.metrics().failed(reason);
    if (reason.ejects()) {
      seat.failed();
    }
    service
        .log()
        .warn(
            "worker failed",
            "request_id",
            requestId,
            "worker",
            seat.pod(),
            "attempt",
            attempts,
            "failure",
            reason.label(),
            "reason",
            String.valueOf(e));
  }

  private Outcome lose(Exception e) {
    service
        .log()
        .error(
            "request lost", "request_id", requestId, "worker", worker, "reason", String.valueOf(e));
    reply.fail(ApiError.server("The worker that was generating this answer was lost."));
    return Outcome.LOST;
  }

  private Outcome giveUp(boolean busy) {
    if (busy) {
      reply.fail(ApiError.busy());
      return Outcome.REJECTED;
    }
    service.log().error("no worker answered", "request_id", requestId, "attempts", attempts);
    reply.fail(ApiError.server("No worker could answer this request."));
    return Outcome.FAILED;
  }
}
