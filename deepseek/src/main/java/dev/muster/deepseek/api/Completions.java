package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.ChatRequest;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /chat/completions}: lets a request in, runs it, accounts for it. Of each request one
 * line of the log, and only one, has an {@code outcome}.
 */
final class Completions implements Handler {
  private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");
  private static final Pattern GOOD_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final GatewayConfig config;
  private final Admission admission;
  private final Exchange.Service service;

  Completions(GatewayConfig config, Admission admission, Exchange.Service service) {
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
      response.status(Status.UNAUTHORIZED_401).send("Authentication Fails (governor)");
      return;
    }
    try (var _ = admission.enter(key)) {
      var body = body(request, id, begin);
      var chat = ChatRequest.parse(body);
      if (!config.models().contains(chat.model())) {
        throw ApiError.invalidFormat("Model Not Exist");
      }
      var reply =
          chat.stream()
              ? new StreamReply(response, config.holdHeaders())
              : new WholeReply(response, config.holdHeaders());
      var exchange = new Exchange(service, id, chat.stream() ? body : streamed(body), reply);
      var outcome = exchange.run();
      account(outcome, begin);
      log(id, trace, chat, exchange, outcome, reply.status(), begin);
    } catch (ApiError refusal) {
      var outcome =
          refusal.status() == 429 || refusal.status() == 503 ? Outcome.REJECTED : Outcome.INVALID;
      refused(id, outcome, refusal.status(), String.valueOf(refusal.getMessage()), begin);
      throw refusal;
    }
  }

  /** Reads the body; that it does not come whole is the client's doing. */
  private byte[] body(ServerRequest request, String id, long begin) {
    try {
      return request.content().as(byte[].class);
    } catch (RuntimeException e) {
      account(Outcome.CANCELLED, begin);
      service
          .log()
          .info(
              "request not received",
              "request_id",
              id,
              "outcome",
              Outcome.CANCELLED.label(),
              "reason",
              String.valueOf(e));
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
        "tokens",
        exchange.tokens(),
        "first_token_ms",
        exchange.firstTokenMillis(),
        "total_ms",
        (System.nanoTime() - begin) / 1_000_000);
  }

  private static String key(ServerRequest request) {
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
