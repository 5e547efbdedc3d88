package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.api.config.OnLoss;
import dev.muster.deepseek.api.reply.Reply;
import dev.muster.deepseek.api.upstream.Upstream;
import dev.muster.deepseek.wire.ApiError;
import java.time.Duration;

/** What a client is told where its answer does not become whole. */
final class Ending {
  /** Until full workers are asked again. */
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final Exchange.Service service;
  private final String requestId;
  private final Reply reply;

  Ending(Exchange.Service service, String requestId, Reply reply) {
    this.service = service;
    this.requestId = requestId;
    this.reply = reply;
  }

  Outcome refuse(Upstream.Refused refused) {
    reply.fail(ApiError.ofWorker(refused.status(), refused.body()));
    return Outcome.INVALID;
  }

  Outcome lose(String worker, String why) {
    service.log().error("request lost", "request_id", requestId, "worker", worker, "reason", why);
    service.metrics().truncated(service.config().onLoss() != OnLoss.CUT);
    if (service.config().onLoss() == OnLoss.CUT) {
      reply.cut();
    } else {
      reply.fail(
          ApiError.server("The worker that was generating this answer was lost; " + why + "."));
    }
    return Outcome.LOST;
  }

  Outcome handOver() {
    var untouched = reply.retryable();
    try {
      reply.fail(ApiError.draining("This gateway is shutting down. Send the same request again."));
    } catch (Reply.ClientGone e) {
      return Outcome.CANCELLED;
    }
    return untouched ? Outcome.REJECTED : Outcome.HANDED_OVER;
  }

  Outcome reject(ApiError overload) {
    reply.fail(overload);
    return Outcome.REJECTED;
  }

  Outcome giveUp(boolean busy, int attempts) {
    if (busy) {
      return reject(attempts == 0 ? ApiError.busy() : ApiError.overloaded(A_WHILE));
    }
    service.log().error("no worker answered", "request_id", requestId, "attempts", attempts);
    reply.fail(ApiError.server("No worker could answer this request."));
    return Outcome.FAILED;
  }
}
