package dev.muster.deepseek.worker;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.ChatRequest;
import dev.muster.deepseek.wire.chat.Chunks;
import dev.muster.deepseek.wire.chat.Completion;
import dev.muster.deepseek.wire.chat.TokenChain;
import dev.muster.deepseek.wire.chat.Usage;
import dev.muster.deepseek.wire.http.ClientConnection;
import dev.muster.deepseek.wire.http.Server;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /chat/completions}. Of each request one line of the log, and only one, has an {@code
 * outcome}: {@code complete}, {@code cancelled} by the one who asked, {@code handed_over} where
 * this worker shut down or loads its model anew, {@code lost} where a rank of its group was, {@code
 * failed} by a fault that was asked for, {@code invalid} or {@code rejected}.
 */
final class Completions implements Handler {
  /** Silence longer than this means trouble to a gateway, so a waiting request says something. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

  private static final String ELSEWHERE =
      "This worker stops answering. Ask another one for the rest.";

  private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");

  private final WorkerConfig config;
  private final Submission queue;
  private final WorkerMetrics metrics;
  private final BooleanSupplier serving;
  private final InstantSource clock;
  private final Log log;
  private final Faults faults;
  private final AtomicInteger active = new AtomicInteger();
  private final Set<Generation> running = ConcurrentHashMap.newKeySet();
  private volatile boolean givingAway;

  /** Where requests are computed. */
  interface Submission {
    /**
     * @param id of the request
     * @param total tokens to produce
     * @return empty if there is no room
     */
    Optional<Generation> submit(String id, Prompt prompt, byte[] body, int total);
  }

  /** An answer under way. */
  private record Answer(
      ChatRequest request, Chunks chunks, Generation generation, Script script, Harm harm) {
    Usage usage() {
      return new Usage(
          generation.promptTokens(),
          generation.cached(),
          generation.total(),
          script.reasoning(),
          request.thinking());
    }
  }

  Completions(
      WorkerConfig config,
      Submission queue,
      WorkerMetrics metrics,
      BooleanSupplier serving,
      InstantSource clock,
      Log log,
      Faults faults) {
    this.faults = faults;
    this.config = config;
    this.queue = queue;
    this.metrics = metrics;
    this.serving = serving;
    this.clock = clock;
    this.log = log;
  }

  /** Requests not yet answered. */
  int active() {
    return active.get();
  }

  /** Takes no more, and tells those who asked for what is still there to ask another worker. */
  void giveAway(Duration within) throws InterruptedException {
    givingAway = true;
    Drain.evenly(running, g -> g.stop(ApiError.draining(ELSEWHERE)), within);
  }

  /** All that it gave away is away, and it goes on. */
  void takeAgain() {
    givingAway = false;
  }

  /** The model is gone: whoever asked for what is still there is told why, or where to ask. */
  void stop(ApiError why) {
    running.forEach(g -> g.stop(why));
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
          refusal.status() == 503 ? "rejected" : refusal.status() == 500 ? "failed" : "invalid",
          "status",
          refusal.status(),
          "reason",
          String.valueOf(refusal.getMessage()));
      throw refusal;
    } finally {
      active.decrementAndGet();
    }
  }

  private void answer(String id, ServerRequest request, ServerResponse response) {
    var lie = faults.of(Failure.LYING_HEALTH);
    if (lie.isPresent()) {
      lie.get().harmed();
      throw ApiError.server("The engine cannot answer.");
    }
    if (!serving.getAsBoolean() || givingAway) {
      throw ApiError.busy();
    }
    var body = request.content().as(byte[].class);
    var chat = ChatRequest.parse(body);
    var script = Script.of(chat, config.naturalTokens(), config.reasoningShare());
    var prefix = script.prefix() > 0 ? script.prefix() : chat.prefixTokens();
    var prompt = chat.promptTokens() + prefix;
    if ((long) prompt + script.total() > config.contextTokens()) {
      throw ApiError.contextTooLong(config.contextTokens(), prompt, script.total());
    }
    var generation = queue.submit(id, Prompt.of(prompt, body), body, script.total()).orElse(null);
    if (generation == null) {
      metrics.rejected();
      throw ApiError.busy();
    }
    var chunks = new Chunks(UUID.randomUUID().toString(), clock.instant().getEpochSecond(), chat);
    var harm = new Harm(faults, chat.stream());
    var answer = new Answer(chat, chunks, generation, harm.begin(script), harm);
    response.header("x-served-by", config.pod());
    if (chat.chained()) {
      response.header(TokenChain.HEADER, TokenChain.CHAIN);
    }
    response.header(HeaderNames.CACHE_CONTROL.defaultCase(), "no-cache");
    var complete = false;
    running.add(generation);
    if (givingAway || !serving.getAsBoolean()) {
      generation.stop(
          ApiError.draining(ELSEWHERE)); // it came too late to be among those that were told
    }
    try (var _ = ClientConnection.current().answering();
        var out = open(response, chat.stream())) {
      complete = chat.stream() ? stream(answer, out) : whole(answer, out);
    } catch (IOException | UncheckedIOException | InterruptedException e) {
      // The client is gone; nobody is left to tell
    } finally {
      running.remove(generation);
      generation.cancel();
      if (complete) {
        // vLLM knows no other reasons
        metrics.finished(generation, script.finishReason().equals("length") ? "length" : "stop");
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
          complete ? "complete" : aborted(harm, generation.stopped()),
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

  private static String aborted(Harm harm, @Nullable ApiError stopped) {
    if (harm.struck()) {
      return "failed";
    }
    return stopped == null ? "cancelled" : stopped.passes() ? "handed_over" : "lost";
  }

  private static OutputStream open(ServerResponse response, boolean stream) {
    return response.header(stream ? Server.EVENTS : Server.JSON).outputStream();
  }

  /** Whether all of it was told. */
  private boolean stream(Answer answer, OutputStream out) throws IOException, InterruptedException {
    var chunks = answer.chunks();
    var script = answer.script();
    var generation = answer.generation();
    var harm = answer.harm();
    var sent = 0;
    if (generation.total() == 0) {
      write(out, chunks.first());
    }
    var before = System.nanoTime();
    while (sent < generation.total() && !harm.strikes(sent, generation, out, "")) {
      var produced = generation.await(sent, KEEP_ALIVE);
      harm.look();
      var stopped = generation.stopped();
      if (stopped != null) {
        write(out, "data: " + stopped.json() + "\n\n");
        return false;
      }
      var events = new StringBuilder();
      if (produced == sent) {
        events.append(Chunks.KEEP_ALIVE);
      } else if (sent == 0) {
        events.append(chunks.first());
      } else {
        metrics.gap((System.nanoTime() - before) / 1e9);
      }
      before = System.nanoTime();
      for (; sent < produced && !harm.due(sent); sent++) {
        if (sent < script.told()) {
          events.append(event(script.pieces().next(), chunks));
        }
      }
      if (!events.isEmpty()) { // else they belong to a stop sequence
        write(out, events.toString());
      }
    }
    if (harm.struck() || harm.strikes(sent, generation, out, "")) {
      return false;
    }
    write(out, last(answer) + harm.done());
    return true;
  }

  private static String event(Script.Piece piece, Chunks chunks) {
    return switch (piece) {
      case Script.Piece.Thought(var text) -> chunks.reasoning(text);
      case Script.Piece.Text(var text) -> chunks.answer(text);
      case Script.Piece.Call(var index, var id, var function) -> chunks.call(index, id, function);
      case Script.Piece.Arguments(var index, var part) -> chunks.arguments(index, part);
    };
  }

  private static String last(Answer answer) {
    var script = answer.script();
    return answer.chunks().last(script.rest(), script.finishReason(), answer.usage());
  }

  private static boolean whole(Answer answer, OutputStream out)
      throws IOException, InterruptedException {
    var generation = answer.generation();
    while (generation.await(generation.total() - 1, KEEP_ALIVE) < generation.total()) {
      answer.harm().look();
      var stopped = generation.stopped();
      if (stopped != null) {
        write(out, stopped.json());
        return false;
      }
      // DeepSeek's sign of life before a JSON body
      write(out, "\n");
    }
    var completion = new Completion();
    for (int i = 0; i < answer.script().told(); i++) {
      completion.add(data(event(answer.script().pieces().next(), answer.chunks())));
    }
    completion.add(data(last(answer)));
    answer.harm().look();
    if (answer.harm().strikes(generation.total(), generation, out, completion.json())) {
      return false;
    }
    write(out, completion.json());
    return true;
  }

  private static String data(String event) {
    return event.substring("data: ".length());
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
