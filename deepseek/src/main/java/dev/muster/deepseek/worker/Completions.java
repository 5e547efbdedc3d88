package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.ChatRequest;
import dev.muster.deepseek.wire.Chunks;
import dev.muster.deepseek.wire.Completion;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Server;
import dev.muster.deepseek.wire.TokenChain;
import dev.muster.deepseek.wire.Usage;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * {@code POST /chat/completions}. Of each request one line of the log, and only one, has an {@code
 * outcome}: {@code complete}, {@code cancelled} by the one who asked, {@code invalid} or {@code
 * rejected}.
 */
final class Completions implements Handler {
  /** Silence longer than this means trouble to a gateway, so a waiting request says something. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

  private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");

  private final WorkerConfig config;
  private final Engine engine;
  private final WorkerMetrics metrics;
  private final BooleanSupplier serving;
  private final InstantSource clock;
  private final Log log;
  private final AtomicInteger active = new AtomicInteger();

  /** An answer under way. */
  private record Answer(
      ChatRequest request, String id, long created, Generation generation, int reasoning) {
    Usage usage() {
      return new Usage(
          generation.promptTokens(), 0, generation.total(), reasoning, request.thinking());
    }
  }

  Completions(
      WorkerConfig config,
      Engine engine,
      WorkerMetrics metrics,
      BooleanSupplier serving,
      InstantSource clock,
      Log log) {
    this.config = config;
    this.engine = engine;
    this.metrics = metrics;
    this.serving = serving;
    this.clock = clock;
    this.log = log;
  }

  /** Requests not yet answered. */
  int active() {
    return active.get();
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) throws Exception {
    active.incrementAndGet();
    var id = request.headers().first(REQUEST_ID).orElseGet(() -> UUID.randomUUID().toString());
    try {
      answer(id, request, response);
    } catch (ApiError refusal) {
      log.info(
          "request refused",
          "request_id",
          id,
          "worker",
          config.pod(),
          "outcome",
          refusal.status() == 503 ? "rejected" : "invalid",
          "status",
          refusal.status(),
          "reason",
          String.valueOf(refusal.getMessage()));
      throw refusal;
    } finally {
      active.decrementAndGet();
    }
  }

  private void answer(String id, ServerRequest request, ServerResponse response)
      throws InterruptedException {
    if (!serving.getAsBoolean()) {
      throw ApiError.busy();
    }
    var chat = ChatRequest.parse(request.content().as(byte[].class));
    var total = chat.answerTokens(config.naturalTokens());
    var generation = engine.submit(chat.promptTokens(), total).orElse(null);
    if (generation == null) {
      metrics.rejected();
      throw ApiError.busy();
    }
    var reasoning = chat.thinking() ? (int) (total * config.reasoningShare()) : 0;
    var answer =
        new Answer(
            chat,
            UUID.randomUUID().toString(),
            clock.instant().getEpochSecond(),
            generation,
            reasoning);
    response.header("x-served-by", config.pod());
    response.header(TokenChain.HEADER, TokenChain.CHAIN);
    response.header(HeaderNames.CACHE_CONTROL.defaultCase(), "no-cache");
    var complete = false;
    try (var out = open(response, chat.stream())) {
      if (chat.stream()) {
        stream(answer, out);
      } else {
        whole(answer, out);
      }
      complete = true;
    } catch (IOException | UncheckedIOException e) {
      // The client is gone; nobody is left to tell
    } finally {
      generation.cancel();
      if (complete) {
        metrics.finished(generation, "stop");
      } else {
        metrics.aborted();
      }
      log.info(
          "request finished",
          "request_id",
          id,
          "worker",
          config.pod(),
          "outcome",
          complete ? "complete" : "cancelled",
          "status",
          200,
          "tokens",
          generation.produced(),
          "first_token_ms",
          Math.round(generation.firstTokenSeconds() * 1e3),
          "total_ms",
          Math.round(generation.totalSeconds() * 1e3));
    }
  }

  private static OutputStream open(ServerResponse response, boolean stream) {
    return response.header(stream ? Server.EVENTS : Server.JSON).outputStream();
  }

  private void stream(Answer answer, OutputStream out) throws IOException, InterruptedException {
    var chat = answer.request();
    var chunks =
        new Chunks(
            answer.id(), answer.created(), chat.model(), chat.thinking(), chat.includeUsage());
    var chain = new TokenChain(chat.lastUser());
    var generation = answer.generation();
    var sent = 0;
    var before = System.nanoTime();
    while (sent < generation.total()) {
      var produced = generation.await(sent, KEEP_ALIVE);
      var events = new StringBuilder();
      if (produced == sent) {
        events.append(Chunks.KEEP_ALIVE);
      } else if (sent == 0) {
        events.append(chunks.first());
      } else {
        metrics.gap((System.nanoTime() - before) / 1e9);
      }
      before = System.nanoTime();
      for (; sent < produced; sent++) {
        var token = chain.next();
        events.append(sent < answer.reasoning() ? chunks.reasoning(token) : chunks.answer(token));
      }
      write(out, events.toString());
    }
    write(out, chunks.last("stop", answer.usage()) + Chunks.DONE);
  }

  private static void whole(Answer answer, OutputStream out)
      throws IOException, InterruptedException {
    var generation = answer.generation();
    while (generation.await(generation.total() - 1, KEEP_ALIVE) < generation.total()) {
      // DeepSeek's sign of life before a JSON body
      write(out, "\n");
    }
    var chain = new TokenChain(answer.request().lastUser());
    var reasoning = new StringBuilder();
    var content = new StringBuilder();
    for (int i = 0; i < generation.total(); i++) {
      (i < answer.reasoning() ? reasoning : content).append(chain.next());
    }
    var body =
        new Completion(
            answer.id(),
            answer.created(),
            answer.request().model(),
            content.toString(),
            reasoning.toString(),
            "stop",
            answer.usage());
    write(out, body.json());
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
