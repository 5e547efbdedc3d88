package dev.muster.deepseek.prefill;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Log;
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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * {@code POST /prefill} of a prefill worker: reads the prompt of a chat completion and hands its KV
 * cache over to the worker that asks. What passes is time, not bytes. Until then an empty line
 * comes twice a second; the last line says what was done.
 */
public final class Prefills implements Handler {
  static final String PATH = "/prefill";
  static final String TOKENS = "x-prompt-tokens";

  /** Between two signs of life. */
  static final Duration SIGN = Duration.ofMillis(500);

  private static final HeaderName TOKENS_NAME = HeaderNames.create(TOKENS);
  private static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");

  private final PrefillConfig config;
  private final int contextTokens;
  private final Engine engine;
  private final BooleanSupplier serving;
  private final Log log;
  private final KvLink link = new KvLink();
  private final AtomicInteger active = new AtomicInteger();
  private volatile boolean givingAway;

  /** What reads the prompts. */
  public interface Engine {
    /**
     * @param request as JSON
     * @return empty if it has no room
     */
    Optional<Reading> read(int tokens, byte[] request);
  }

  /**
   * @param contextTokens what fits into the KV cache with a token of the answer; a longer prompt
   *     gets 400
   */
  public Prefills(
      PrefillConfig config, int contextTokens, Engine engine, BooleanSupplier serving, Log log) {
    this.config = config;
    this.contextTokens = contextTokens;
    this.engine = engine;
    this.serving = serving;
    this.log = log;
  }

  /** Prompts that are not handed over yet. */
  public int active() {
    return active.get();
  }

  /** Whoever waits is to ask another one. */
  public void giveAway() {
    givingAway = true;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    if (!serving.getAsBoolean() || givingAway) {
      throw ApiError.busy();
    }
    var tokens = request.headers().first(TOKENS_NAME).map(Prefills::count).orElse(0);
    if (tokens < 1) {
      throw ApiError.invalidFormat("Expected the number of tokens in the header " + TOKENS + ".");
    }
    if (tokens >= contextTokens) {
      throw ApiError.contextTooLong(contextTokens, tokens, 1);
    }
    active.incrementAndGet();
    try {
      var reading =
          engine.read(tokens, request.content().as(byte[].class)).orElseThrow(ApiError::busy);
      answer(request.headers().first(REQUEST_ID).orElse(""), tokens, reading, response);
    } finally {
      active.decrementAndGet();
    }
  }

  private static int count(String text) {
    return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
  }

  private void answer(String id, int tokens, Reading reading, ServerResponse response) {
    var outcome = "cancelled";
    var begin = System.nanoTime();
    try (var _ = ClientConnection.current().answering();
        var out = response.header(Server.JSON).outputStream()) {
      out.flush();
      while (!reading.read(SIGN)) {
        live(out, reading);
      }
      var read = System.nanoTime();
      var due = link.reserve(read, config.handOver(tokens));
      for (var left = due - read; left > 0; left = due - System.nanoTime()) {
        Thread.sleep(Duration.ofNanos(Math.min(left, SIGN.toNanos())));
        live(out, reading);
      }
      var done = new HandedOver(reading.cached(), read - begin, System.nanoTime() - read);
      out.write(done.json().getBytes(StandardCharsets.UTF_8));
      outcome = "complete";
    } catch (IOException | UncheckedIOException e) {
      outcome = givingAway ? "handed_over" : reading.failed() ? "lost" : "cancelled";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      reading.cancel();
      log.info(
          "prompt read",
          "request_id",
          id,
          "outcome",
          outcome,
          "prompt_tokens",
          tokens,
          "total_ms",
          (System.nanoTime() - begin) / 1_000_000);
    }
  }

  /**
   * @throws IOException if nobody waits any more, or waits in vain: the answer ends without its
   *     last line
   */
  private void live(OutputStream out, Reading reading) throws IOException {
    if (givingAway || reading.failed()) {
      throw new IOException("another one is to read it");
    }
    out.write('\n');
    out.flush();
  }
}
