package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.fleet.Demand;
import dev.muster.deepseek.api.fleet.Seat;
import dev.muster.deepseek.api.fleet.WaitingLine;
import dev.muster.deepseek.api.reply.EventId;
import dev.muster.deepseek.api.reply.Reply;
import dev.muster.deepseek.api.upstream.Failure;
import dev.muster.deepseek.api.upstream.Upstream;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Usage;
import dev.muster.deepseek.wire.http.KeptCalls;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One client's request: attempts at workers until one answers, and others that go on where one is
 * lost in the middle. One thread uses it at a time.
 */
public final class Exchange {
  private final Service service;
  private final String requestId;
  private final Resumption resumption;
  private final Demand demand;
  private final Reply reply;
  private final Ending ending;
  private final long begin = System.nanoTime();
  private final Retries retries;
  private String worker = "";
  private int attempts;
  private long firstToken;
  private int tokens = -1;
  private @Nullable JsonNode end; // the last chunk

  /** What all requests share. */
  public record Service(
      GatewayConfig config,
      KeptCalls workers,
      WaitingLine line,
      RetryBudget budget,
      UsageRecords records,
      GatewayMetrics metrics,
      Log log) {}

  /**
   * @param body what the worker is sent; it asks for a stream
   * @param demand what that asks of a worker
   * @param had the last event that the client has of it by another gateway; null where it is new
   */
  public Exchange(
      Service service,
      String requestId,
      byte[] body,
      Demand demand,
      @Nullable EventId had,
      Reply reply) {
    this.demand = demand;
    this.service = service;
    this.requestId = requestId;
    this.reply = reply;
    ending = new Ending(service, requestId, reply);
    resumption = new Resumption(service.config(), body, had);
    retries = new Retries(service, resumption, begin);
  }

  /** Runs it to its end; the reply is complete afterwards. */
  public Outcome run() {
    try {
      return attempts();
    } catch (Reply.Draining e) {
      return ending.handOver();
    } catch (Reply.ClientGone e) {
      return Outcome.CANCELLED;
    }
  }

  public String worker() {
    return worker;
  }

  public int attemptsMade() {
    return attempts;
  }

  /** How often another worker went on with what the client had. */
  public int resumes() {
    return resumption.made();
  }

  /** Tokens of the whole answer; -1 if it did not come to its end. */
  public int tokens() {
    return tokens;
  }

  /** Milliseconds to the first token; -1 if there was none. */
  public long firstTokenMillis() {
    return firstToken == 0 ? -1 : (firstToken - begin) / 1_000_000;
  }

  private Outcome attempts() {
    service.budget().request();
    var busy = true;
    while (true) {
      reply.check();
      Seat seat;
      try {
        seat =
            service
                .line()
                .take(retries.tried(), demand, retries.waitUntil(), resumption.waiting())
                .orElse(null);
      } catch (ApiError overload) {
        return reply.retryable()
            ? ending.reject(overload)
            : ending.lose(worker, "no other worker has room");
      }
      if (seat == null) {
        reply.check();
        return reply.retryable()
            ? ending.giveUp(busy, attempts)
            : ending.lose(worker, "no other worker is there");
      }
      try (seat) {
        var failed = attempted(seat);
        if (failed == null) {
          break;
        }
        // while it has its seat: who is woken by its leaving must know
        var reason = seat.seen(failed instanceof IOException io ? Failure.of(io) : Failure.BROKEN);
        note(seat, reason, failed);
        reply.check();
        busy &= reason == Failure.BUSY;
        retries.failed(worker, reason);
        if (reason == Failure.REQUEST && failed instanceof Upstream.Refused refused) {
          if (!resumption.ofRest()) {
            return ending.refuse(refused);
          }
          resumption.hinder("no other worker takes the rest: " + refused.getMessage());
        }
      } catch (TookTooLong e) {
        return reply.retryable()
            ? ending.giveUp(false, attempts)
            : ending.lose(worker, String.valueOf(e.getMessage()));
      }
      if (resumption.partial().begun() && !goOn()) {
        return ending.lose(worker, resumption.hindrance());
      }
      if (!retries.allowed(busy)) {
        reply.check();
        return reply.retryable()
            ? ending.giveUp(busy, attempts)
            : ending.lose(worker, "the retries are used up");
      }
    }
    finish(); // its worker has done its part, and answers others while the record is written
    return Outcome.COMPLETE;
  }

  /**
   * Makes ready for a worker that goes on with what the client has, or begins anew where that is
   * nothing.
   *
   * @return false where neither can be
   */
  private boolean goOn() {
    boolean now = !resumption.waiting();
    resumption.lose();
    if (!resumption.ready()) {
      return anew();
    }
    if (now) {
      // the one that was lost just now has done its part, and those before it may be well again
      retries.afresh(worker);
    }
    return true;
  }

  private boolean anew() {
    if (!reply.retryable()) {
      return false;
    }
    reply.restart();
    resumption.anew();
    return true;
  }

  /** Why it failed; null where it is complete. */
  private @Nullable Exception attempted(Seat seat) throws TookTooLong {
    try {
      attempt(seat);
      return null;
    } catch (TookTooLong e) {
      throw e;
    } catch (IOException | JacksonException e) {
      return e;
    }
  }

  private void attempt(Seat seat) throws IOException {
    worker = seat.pod();
    retries.tries(worker);
    reply.attempt(worker, ++attempts);
    try (var upstream =
        Upstream.open(
            service.workers(),
            seat.address(),
            resumption.asked(),
            requestId,
            service.config(),
            seat::deadline,
            () -> passOn(seat))) {
      upstream.each(item -> received(item, seat));
      upstream.end();
    } finally {
      reply.flush(); // where it fails, another worker may be seconds away
    }
  }

  /** Whether it was the last. */
  private boolean received(Upstream.Item item, Seat seat) throws IOException {
    switch (item) {
      case Upstream.Comment() -> {
        seat.comment();
        reply.alive();
      }
      case Upstream.Data(var chunk) -> {
        if (chunk.error()) {
          throw Failure.inBand(chunk.toString());
        }
        seat.token();
        noteFirstToken();
        var whole = resumption.joined(chunk);
        if (whole == null) {
          return false;
        }
        if (resumption.waiting()) {
          service.metrics().resumed(resumption.done());
        }
        forward(whole, chunk.last());
        if (chunk.last()) {
          end = whole.parse();
          reply.flush();
          return true;
        }
      }
    }
    checkAge();
    return false;
  }

  private void forward(Chunk chunk, boolean last) {
    var partial = resumption.partial();
    if (!partial.passed()) {
      reply.event(chunk, resumption.nextId(chunk));
    } else if (!last) {
      reply.alive(); // generated again, which the client sees nothing of
    }
    if (!last) {
      partial.add(chunk);
    }
  }

  /** How long that takes is not the worker's doing. */
  private void passOn(Seat seat) {
    reply.flush();
    seat.passedOn();
  }

  private void finish() {
    var last = Objects.requireNonNull(end);
    var usage = Usage.of(last.path("usage"));
    tokens = usage.completion();
    service
        .records()
        .write(
            requestId,
            worker,
            last.path("model").asString(""),
            last.path("choices").path(0).path("finish_reason").asString(""),
            usage);
    reply.finish();
  }

  private void noteFirstToken() {
    if (firstToken == 0) {
      firstToken = System.nanoTime();
      service.metrics().firstToken((firstToken - begin) / 1e9);
    }
  }

  /** Nobody's failure but the clock's. */
  private static final class TookTooLong extends IOException {
    private static final long serialVersionUID = 1;

    TookTooLong(String message) {
      super(message);
    }
  }

  private void checkAge() throws IOException {
    if (System.nanoTime() - begin > service.config().request().toNanos()) {
      throw new TookTooLong("the request took longer than " + service.config().request());
    }
    if (resumption.late()) {
      throw new TookTooLong("nobody went on with it within " + service.config().resumeWithin());
    }
  }

  private void note(Seat seat, Failure reason, Exception e) {
    service.metrics().failed(reason);
    if (reason.ejects()) {
      seat.failed(reason);
    } else if (reason == Failure.BUSY) {
      seat.full();
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
}
