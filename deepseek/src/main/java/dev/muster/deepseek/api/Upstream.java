package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.HttpCall;
import dev.muster.deepseek.wire.Lines;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * One worker's streamed answer, read strictly: an event counts once its blank line is there. One
 * thread reads; {@link #close} may come from any.
 */
final class Upstream implements Closeable {
  private static final int LONGEST_EVENT = 1 << 20;

  private final HttpCall call;
  private final Lines lines;
  private final Duration silence;
  private final Duration token;
  private boolean tokens;

  /** What a worker sent. */
  sealed interface Item {}

  /** It lives, but made no progress. */
  record Comment() implements Item {}

  /**
   * An event.
   *
   * @param data without the {@code data: }
   */
  record Data(String data) implements Item {}

  /** The worker refused with a status of 400 and up. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;

    Refused(int status, String body) {
      super("worker answered " + status + ": " + body);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private Upstream(HttpCall call, GatewayConfig config) {
    this.call = call;
    this.lines = new Lines(call.body(), LONGEST_EVENT);
    this.silence = config.firstToken();
    this.token = config.token();
  }

  static Upstream open(
      InetSocketAddress worker, byte[] body, String requestId, GatewayConfig config)
      throws IOException {
    var call =
        HttpCall.post(
            worker,
            "/v1/chat/completions",
            Map.of("x-request-id", requestId, "Accept", "text/event-stream"),
            body,
            config.connect(),
            config.firstToken());
    if (call.status() == 200) {
      var upstream = new Upstream(call, config);
      call.silence(upstream.silence);
      return upstream;
    }
    try (call) {
      var text = new String(call.body().readNBytes(2000), StandardCharsets.UTF_8);
      throw new Refused(call.status(), text);
    }
  }

  /**
   * @throws IOException if the worker broke the connection, ended without an event, or was silent
   *     for too long: before the first event anything counts as life, afterwards only events do
   */
  Item next() throws IOException {
    var data = new StringBuilder();
    while (true) {
      var line = lines.next();
      if (line == null) {
        throw new IOException("the worker ended its stream early");
      }
      if (line.startsWith("data:")) {
        data.append(data.isEmpty() ? "" : "\n");
        data.append(line, line.startsWith("data: ") ? 6 : 5, line.length());
      } else if (line.isEmpty() && !data.isEmpty()) {
        tokens = true;
        call.silence(token);
        return new Data(data.toString());
      } else if (line.startsWith(":")) {
        if (!tokens) {
          call.silence(silence);
        }
        return new Comment();
      }
    }
  }

  @Override
  public void close() {
    call.close();
  }
}
