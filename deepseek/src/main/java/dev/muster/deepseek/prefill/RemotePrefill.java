package dev.muster.deepseek.prefill;

import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Metrics;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import dev.muster.deepseek.wire.http.HttpCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The side of a decode worker: has prompts read by prefill workers, which etcd tells of. One that
 * is lost in the middle costs its time, and another is asked; where that fails too, or none is
 * there, the decode worker reads the prompt itself.
 */
public final class RemotePrefill implements AutoCloseable {
  /** Under it prefill workers are registered; gateways do not look there. */
  public static final String REGISTERED = "/deepseek/prefill/";

  private static final int MOST = 2;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CONNECT = Duration.ofMillis(500);
  private static final Duration SILENCE = Prefills.SIGN.multipliedBy(4);
  private static final int LONGEST = 1 << 16;

  private final PrefillConfig config;
  private final Etcd etcd;
  private final HandOverMetrics metrics;
  private final Log log;
  private final Prefillers prefillers = new Prefillers(System::nanoTime);
  private final Thread look = Thread.ofPlatform().daemon().name("prefillers").unstarted(this::look);

  private RemotePrefill(PrefillConfig config, Etcd etcd, Metrics metrics, Log log) {
    this.config = config;
    this.etcd = etcd;
    this.metrics = new HandOverMetrics(metrics, prefillers::size);
    this.log = log;
  }

  public static RemotePrefill start(PrefillConfig config, Etcd etcd, Metrics metrics, Log log) {
    var remote = new RemotePrefill(config, etcd, metrics, log);
    remote.look.start();
    return remote;
  }

  /** A request whose prompt is to be read. */
  public static final class Request {
    private final String id;
    private final int tokens;
    private final byte[] body;
    private final BooleanSupplier cancelled;

    /**
     * @param tokens of the prompt
     * @param body as JSON; not to be changed
     * @param cancelled whether nobody waits any more
     */
    public Request(String id, int tokens, byte[] body, BooleanSupplier cancelled) {
      this.id = id;
      this.tokens = tokens;
      this.body = body;
      this.cancelled = cancelled;
    }
  }

  /**
   * Has it read, in a thread of its own.
   *
   * @param then told once, how many of its tokens a prefill worker had in its cache; empty if the
   *     prompt is still to be read, here
   */
  public void read(Request request, Consumer<OptionalInt> then) {
    Thread.ofVirtual()
        .name("prefill")
        .start(() -> {
          var cached = OptionalInt.empty();
          try {
            cached = read(request);
          } finally {
            then.accept(cached); // whatever happened: somebody waits
          }
        });
  }

  @Override
  public void close() {
    look.interrupt();
  }

  private OptionalInt read(Request request) {
    var begin = System.nanoTime();
    var tried = new HashSet<String>();
    for (int i = 0; i < MOST && !request.cancelled.getAsBoolean(); i++) {
      var place = prefillers.take(tried, request.tokens).orElse(null);
      if (place == null) {
        break;
      }
      try (place) {
        tried.add(place.pod());
        var done = attempt(place, request);
        if (done != null) {
          metrics.received(config.bytes(request.tokens), done, System.nanoTime() - begin);
          return OptionalInt.of(done.cached());
        }
      }
    }
    metrics.local();
    return OptionalInt.empty();
  }

  private @Nullable HandedOver attempt(Prefillers.Place place, Request request) {
    try {
      return ask(place, request);
    } catch (IOException e) {
      if (request.cancelled.getAsBoolean()) {
        return null;
      }
      metrics.failed();
      if (!(e instanceof Busy)) {
        place.failed();
      }
      log.warn(
          "prefill worker failed",
          "request_id",
          request.id,
          "worker",
          place.pod(),
          "reason",
          String.valueOf(e));
      return null;
    }
  }

  private HandedOver ask(Prefillers.Place place, Request request) throws IOException {
    var end = System.nanoTime() + config.patience(place.owed()).toNanos();
    try (var call =
        HttpCall.post(
            place.address(),
            Prefills.PATH,
            Map.of("x-request-id", request.id, Prefills.TOKENS, "" + request.tokens),
            request.body,
            CONNECT,
            SILENCE)) {
      if (call.status() == 503) {
        throw new Busy();
      }
      if (call.status() != 200) {
        throw new IOException("the prefill worker answered " + call.status());
      }
      return HandedOver.parse(lastLine(call, end, request.cancelled));
    }
  }

  private static byte[] lastLine(HttpCall call, long end, BooleanSupplier cancelled)
      throws IOException {
    var all = new ByteArrayOutputStream();
    var buffer = new byte[256];
    while (true) {
      var bound = Math.min(System.nanoTime() + SILENCE.toNanos(), end);
      call.until(() -> bound);
      int n = call.body().read(buffer);
      if (n < 0) {
        return all.toByteArray();
      }
      all.write(buffer, 0, n);
      if (cancelled.getAsBoolean()) {
        throw new IOException("nobody waits for it");
      }
      if (all.size() > LONGEST) {
        throw new IOException("the prefill worker answers more than it should");
      }
    }
  }

  /** It has no room, which is not its failure. */
  private static final class Busy extends IOException {
    private static final long serialVersionUID = 1;

    Busy() {
      super("the prefill worker has no room");
    }
  }

  /** The list of a moment ago will do: a worker that is gone since costs one attempt. */
  private void look() {
    var complained = false;
    try {
      while (true) {
        try {
          var found = new ArrayList<Registration>();
          for (var entry : etcd.list(REGISTERED).entries()) {
            found.add(Registration.parse(entry.value()));
          }
          prefillers.replace(found);
          complained = false;
        } catch (IOException | IllegalArgumentException e) {
          if (!complained) {
            log.warn(
                "keeping the known prefill workers",
                "workers",
                prefillers.size(),
                "reason",
                String.valueOf(e));
          }
          complained = true;
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
