package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.upstream.Failure;
import dev.muster.deepseek.api.upstream.Upstream;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.http.KeptCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks workers that were left alone for one token, so that no client's request finds out whether
 * they are well again. A health page would not do: a worker whose decoding is stuck has a good one.
 */
public final class Prober implements AutoCloseable {
  private static final Duration EACH = Duration.ofMillis(200);
  private static final Demand ONE_TOKEN = new Demand(1, 1, 0);

  /** Whoever reads the workers' logs takes a line with an id for a client's request. */
  private static final String NOBODYS = "";

  private final Fleet fleet;
  private final KeptCalls calls;
  private final GatewayConfig config;
  private final byte[] body;
  private final Thread thread = Thread.ofVirtual().name("prober").unstarted(this::run);

  public Prober(Fleet fleet, KeptCalls calls, GatewayConfig config) {
    this.fleet = fleet;
    this.calls = calls;
    this.config = config;
    body =
        Json.object(json ->
                json.writeStringProperty("model", config.models().getFirst())
                    .writeBooleanProperty("stream", true)
                    .writeNumberProperty("max_tokens", 1)
                    .writeArrayPropertyStart("messages")
                    .writeStartObject()
                    .writeStringProperty("role", "user")
                    .writeStringProperty("content", "probe")
                    .writeEndObject()
                    .writeEndArray())
            .getBytes(StandardCharsets.UTF_8);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        fleet.probes(ONE_TOKEN).forEach(seat -> Thread.ofVirtual().start(() -> probe(seat)));
        Thread.sleep(EACH);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void probe(Seat seat) {
    try (seat;
        var upstream =
            Upstream.open(
                calls, seat.address(), body, NOBODYS, config, seat::deadline, seat::passedOn)) {
      while (!ended(seat, upstream.next())) {
        // its one token is still to come
      }
      upstream.end();
    } catch (IOException e) {
      var failure = Failure.of(e);
      if (failure.ejects()) {
        seat.failed(failure);
      } else {
        seat.succeeded(); // it is full, so it is well
      }
    } finally {
      seat.probed();
    }
  }

  private static boolean ended(Seat seat, Upstream.Item item) throws IOException {
    return switch (item) {
      case Upstream.Comment() -> {
        seat.comment();
        yield false;
      }
      case Upstream.Data(var chunk) -> {
        if (chunk.error()) {
          throw Failure.inBand(chunk.toString());
        }
        seat.token();
        yield chunk.last();
      }
    };
  }
}
