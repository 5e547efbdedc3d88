package dev.muster.deepseek.api;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.config.WorkerApi;
import dev.muster.deepseek.api.exchange.Exchange;
import dev.muster.deepseek.api.exchange.Outcome;
import dev.muster.deepseek.api.fleet.Demand;
import dev.muster.deepseek.api.reply.EventId;
import dev.muster.deepseek.api.reply.OpenReplies;
import dev.muster.deepseek.api.reply.StreamReply;
import dev.muster.deepseek.api.reply.WholeReply;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.ChatRequest;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.http.ClientConnection;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /chat/completions} and {@code /beta/completions}: lets a request in, runs it,
 * accounts for it. Of each request one line of the log, and only one, has an {@code outcome}.
 */
final class Completions implements Handler {
  private static final long MAX = GatewayConfig.MAX_BODY;

  /** A letter of a token, all escaped; a body with more cannot be a prompt that fits. */
  private static final int BYTES_OF_A_TOKEN = 20;

  /** For names of fields, tools and the like. */
  private static final int BYTES_BEYOND = 64 << 10;

  private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
  private static final HeaderName LAST_EVENT_ID = HeaderNames.create("last-event-id");
  private static final Pattern GOOD_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final GatewayConfig config;
  private final Admission admission;
  private final Exchange.Service service;
  private final OpenReplies replies;
  private final Front front;

  Completions(
      GatewayConfig config,
      Admission admission,
      Exchange.Service service,
      OpenReplies replies,
      Front front) {
    this.replies = replies;
    this.front = front;
    this.config = config;
    this.admission = admission;
    this.service = service;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    var begin = System.nanoTime();
    var trace = UUID.randomUUID().toString().replace("-", "");
    var sent = request.headers().first(REQUEST_ID).filter(id -> GOOD_ID.matcher(id).matches());
    response.header("x-ds-trace-id", trace).header("x-gateway", config.pod());
    sent.ifPresent(id -> response.header("x-request-id", id));
    var id = sent.orElse(trace);

    var key = key(request);
    if (key.isEmpty() && admission.needsKey()) {
      refused(id, Outcome.INVALID, 401, "no API key", begin);
      withoutKey(response);
      return;
    }
    long announced = request.headers().contentLength().orElse(0);
    if (announced > BYTES_BEYOND + (long) BYTES_OF_A_TOKEN * config.contextTokens()) {
      var refusal = ApiError.bodyTooLong(config.contextTokens(), announced);
      refused(id, Outcome.INVALID, 400, String.valueOf(refusal.getMessage()), begin);
      throw refusal;
    }
    long size = Math.clamp(announced > 0 ? announced : MAX, 0, MAX);
    var connection = ClientConnection.current();
    try (var place = enter(key, size, connection)) {
      config.accounts().pay(key);
      var sentBody = body(request, id, begin, connection);
      place.body(sentBody.length);
      var asked = front.read(sentBody);
      var body = asked.body();
      var chat = asked.chat();
      if (!config.models().contains(chat.model())) {
        throw ApiError.invalidFormat("Model Not Exist");
      }
      var reply =
          chat.stream()
              ? new StreamReply(response, connection, config.holdHeaders(), asked.chunk())
              : new WholeReply(response, connection, config.holdHeaders(), asked.whole());
      if (chat.chained() && config.workerApi() == WorkerApi.DEEPSEEK) {
        response.header(TokenChain.HEADER, TokenChain.CHAIN); // known before a worker answers
      }
      var had = chat.stream() ? request.headers().first(LAST_EVENT_ID) : Optional.<String>empty();
      if (had.isPresent() && config.workerApi() != WorkerApi.DEEPSEEK) {
        throw ApiError.invalidFormat(
            "Last-Event-ID: an engine may not say the same again; ask for the whole answer");
      }
      Exchange exchange;
      Outcome outcome;
      try (var answering = connection.answering()) {
        var guarded = replies.open(reply, answering);
        exchange =
            new Exchange(
                service,
                id,
                chat.stream() ? body : streamed(body),
                Demand.of(chat, body),
                had.flatMap(EventId::parse).orElse(null),
                guarded);
        try {
          outcome = exchange.run();
        } finally {
          replies.over(guarded);
        }
      }
      account(outcome, begin);
      log(id, trace, chat, exchange, outcome, reply.status(), begin);
    } catch (ApiError refusal) {
      var outcome =
          refusal.status() == 429 || refusal.status() == 503 ? Outcome.REJECTED : Outcome.INVALID;
      refused(id, outcome, refusal.status(), String.valueOf(refusal.getMessage()), begin);
      throw refusal;
    }
  }

  /** A place; where there is none, whoever is slow with a body may lose his to the next. */
  private Admission.Place enter(String key, long size, ClientConnection connection) {
    try {
      return admission.enter(key, size);
    } catch (ApiError refusal) {
      if (refusal.status() == 503) {
        connection.makeRoom();
      }
      throw refusal;
    }
  }

  /** Without the buffers of who does not know how much comes. */
  private static byte[] exactly(int length, InputStream in) {
    var body = new byte[length];
    try {
      if (in.readNBytes(body, 0, length) < length) {
        throw new EOFException("the client ended its request inside the body");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return body;
  }

  /** Reads the body; that it does not come whole is the client's doing. */
  private byte[] body(ServerRequest request, String id, long begin, ClientConnection connection) {
    try {
      long length = request.headers().contentLength().orElse(0);
      return length > 0 && length <= MAX
          ? exactly((int) length, request.content().inputStream())
          : request.content().as(byte[].class);
    } catch (RuntimeException e) {
      var outcome = connection.over() ? Outcome.INVALID : Outcome.CANCELLED;
      account(outcome, begin);
      service
          .log()
          .info(
              "request not received",
              "request_id",
              id,
              "outcome",
              outcome.label(),
              "reason",
              connection.over() ? "not within " + config.receive() : String.valueOf(e));
      throw e;
    }
  }

  private void refused(String id, Outcome outcome, int status, String reason, long begin) {
    account(outcome, begin);
    service
        .log()
        .info(
            "request refused",
            "request_id",
            id,
            "outcome",
            outcome.label(),
            "status",
            status,
            "reason",
            reason);
  }

  private void account(Outcome outcome, long begin) {
    service.metrics().finished(outcome, (System.nanoTime() - begin) / 1e9);
  }

  private void log(
      String id,
      String trace,
      ChatRequest chat,
      Exchange exchange,
      Outcome outcome,
      int status,
      long begin) {
    Log log = service.log();
    log.info(
        "request finished",
        "request_id",
        id,
        "trace_id",
        trace,
        "outcome",
        outcome.label(),
        "status",
        status,
        "stream",
        chat.stream(),
        "worker",
        exchange.worker(),
        "attempts",
        exchange.attemptsMade(),
        "resumes",
        exchange.resumes(),
        "tokens",
        exchange.tokens(),
        "first_token_ms",
        exchange.firstTokenMillis(),
        "total_ms",
        (System.nanoTime() - begin) / 1_000_000);
  }

  /** As DeepSeek's own front says it: no JSON. */
  private static void withoutKey(ServerResponse response) {
    response.status(Status.UNAUTHORIZED_401).send("Authentication Fails (governor)");
  }

  /** What is told only to who has a key, where keys are asked for. */
  static Handler withKey(Admission admission, Handler handler) {
    return (request, response) -> {
      var key = key(request);
      if (key.isEmpty() && admission.needsKey()) {
        withoutKey(response);
        return;
      }
      admission.check(key);
      handler.handle(request, response);
    };
  }

  static String key(ServerRequest request) {
    return request
        .headers()
        .first(HeaderNames.AUTHORIZATION)
        .filter(value -> value.startsWith("Bearer "))
        .map(value -> value.substring(7).strip())
        .orElse("");
  }

  /** A worker is always asked for a stream: only so its progress can be seen. */
  private static byte[] streamed(byte[] body) {
    var object = (ObjectNode) Json.parse(body);
    object.put("stream", true);
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }
}
