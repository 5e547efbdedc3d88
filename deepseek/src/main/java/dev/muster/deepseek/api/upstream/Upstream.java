package dev.muster.deepseek.api.upstream;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.config.WorkerApi;
import dev.muster.deepseek.openai.OpenAiAnswer;
import dev.muster.deepseek.openai.OpenAiRequest;
import dev.muster.deepseek.wire.chat.Chunk;
import dev.muster.deepseek.wire.chat.Events;
import dev.muster.deepseek.wire.http.HttpCall;
import dev.muster.deepseek.wire.http.KeptCalls;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker's streamed answer. What came at once is told event by event, and passed on before more
 * is waited for. One thread uses it at a time.
 */
public final class Upstream implements Closeable {
  private static final int LONGEST_EVENT = 1 << 20;
  private static final Duration END = Duration.ofSeconds(1);

  private final KeptCalls calls;
  private final HttpCall call;
  private final Events events;
  private final Runnable passOn;
  private final @Nullable OpenAiAnswer translated; // null where the worker speaks as we do
  private @Nullable Chunk before;
  private boolean told;

  /** What a worker sent. */
  public sealed interface Item {}

  /** It lives, but made no progress. */
  public record Comment() implements Item {}

  /** An event. */
  public record Data(Chunk chunk) implements Item {}

  /** Whoever is told what comes. */
  public interface Reader {
    /**
     * Must not block.
     *
     * @return whether nothing more is to be told
     */
    boolean item(Item item) throws IOException;
  }

  /** The worker refused with a status of 400 and up. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String body;

    Refused(int status, String body) {
      super("worker answered " + status + ": " + body);
      this.status = status;
      this.body = body;
    }

    public String body() {
      return body;
    }

    public int status() {
      return status;
    }
  }

  private Upstream(
      KeptCalls calls, HttpCall call, @Nullable OpenAiAnswer translated, Runnable passOn) {
    this.calls = calls;
    this.call = call;
    this.translated = translated;
    this.passOn = passOn;
    this.events = new Events(call.body(), LONGEST_EVENT);
  }

  /**
   * @param calls where its connection comes from, and goes to
   * @param deadline of the next byte, in nanoseconds; asked anew while it is waited for
   * @param passOn done with what was told, before more is waited for
   */
  public static Upstream open(
      KeptCalls calls,
      InetSocketAddress worker,
      byte[] body,
      String requestId,
      GatewayConfig config,
      LongSupplier deadline,
      Runnable passOn)
      throws IOException {
    var openAi = config.workerApi() == WorkerApi.OPENAI ? OpenAiRequest.of(body) : null;
    var call =
        calls.post(
            worker,
            "/v1/chat/completions",
            Map.of("x-request-id", requestId, "Accept", "text/event-stream"),
            openAi == null ? body : openAi.body(),
            config.connect(),
            deadline);
    if (call.status() == 200) {
      var translated = openAi == null ? null : new OpenAiAnswer(openAi.model());
      var upstream = new Upstream(calls, call, translated, passOn);
      call.beforeWaiting(upstream::passOn);
      return upstream;
    }
    try {
      var text = new String(call.body().readNBytes(2000), StandardCharsets.UTF_8);
      throw new Refused(call.status(), text);
    } finally {
      calls.release(call);
    }
  }

  /**
   * Tells all that comes until the reader has enough: from the second event on the event loop,
   * while the current thread waits. The first is here already, or is told as soon by who waits for
   * it.
   *
   * @throws IOException what the reader throws, or {@link #next}; if the current thread was
   *     interrupted
   */
  public void each(Reader reader) throws IOException {
    if (reader.item(next())) {
      return;
    }
    call.relay(
        () -> {
          for (var item = poll(); item != null; item = poll()) {
            if (reader.item(item)) {
              return true;
            }
          }
          return false;
        },
        passOn);
  }

  /**
   * @throws IOException if the worker broke the connection, ended without an event, or its deadline
   *     passed
   */
  public Item next() throws IOException {
    return Objects.requireNonNull(poll(), "not on the event loop");
  }

  /** The same; null on the event loop, where nothing is there yet. */
  private @Nullable Item poll() throws IOException {
    while (true) {
      var data = events.next();
      if (data == null) {
        if (events.ended()) {
          throw new IOException("the worker ended its stream early");
        }
        return null;
      }
      if (data.length == 0) {
        return new Comment();
      }
      var chunk = translated == null ? new Chunk(data, before) : translated.chunk(data);
      if (chunk != null) {
        told = true;
        before = chunk;
        return new Data(chunk);
      }
    }
  }

  /**
   * Reads what is behind the last chunk, for a moment: to the worker, who closes before it is a
   * client that left.
   */
  public void end() {
    call.silence(END);
    try {
      while (events.next() != null) {
        // [DONE], of which nobody learns anything
      }
    } catch (IOException e) {
      // the answer is there all the same
    }
  }

  private void passOn() {
    if (told) {
      told = false;
      passOn.run();
    }
  }

  @Override
  public void close() {
    calls.release(call);
  }
}
