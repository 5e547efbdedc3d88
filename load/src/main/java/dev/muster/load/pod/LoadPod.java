package dev.muster.load.pod;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.load.LoadGenerator;
import dev.muster.load.api.HttpChatClient;
import dev.muster.load.http.Loop;
import dev.muster.load.schedule.Schedule;
import dev.muster.load.schedule.Share;
import dev.muster.load.strain.Canary;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One pod of a load. It sends nothing until it is told when to begin, keeps its rows until they
 * were fetched, and goes on whether or not anybody asks: an API server that is away is no reason to
 * stop.
 *
 * <p>It is asked by GET {@code /?from=N}: rows from N on, those before it are home. {@code
 * start=INSTANT}, on this pod's clock, and {@code stop=MILLIS} of patience may stand beside it, and
 * count once however often they are told.
 */
public final class LoadPod implements AutoCloseable {
  /** Header of a question. */
  public static final String TOKEN = "x-muster-token";

  /** A reply of 2 MB at most. */
  static final int MOST_ROWS = 4000;

  private final LoadPodConfig order;
  private final int part;
  private final InstantSource clock;
  private final String instance = UUID.randomUUID().toString();
  private final Outbox outbox = new Outbox(Outbox.BOUND);
  private final Loop loop;
  private final Canary canary;
  private final LoadGenerator generator;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name("load-pod-", 0).factory());
  private boolean started;
  private boolean stopping;
  private volatile PodReply.@Nullable End end;
  private volatile Instant asked;

  /**
   * @param part of the schedule, from 0
   * @param port 0 for any
   * @param clock that nobody sets
   */
  public LoadPod(LoadPodConfig order, int part, InetSocketAddress port, InstantSource clock)
      throws IOException {
    this.order = order;
    this.part = part;
    this.clock = clock;
    asked = clock.instant();
    loop = new Loop("load-sockets");
    canary = new Canary(loop, clock);
    var load = order.load();
    var client =
        new HttpChatClient(
            HttpChatClient.Spec.of(
                load,
                URI.create(order.endpoint()),
                order::host,
                order.environment(),
                order.apiKey()),
            loop,
            clock);
    generator =
        new LoadGenerator(
            client,
            Schedule.of(load.arrivals(), load.seed()),
            clock,
            canary,
            outbox::add,
            order.run());
    server = HttpServer.create(port, 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** When it was asked last, or made. */
  public Instant asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    var received = clock.instant();
    try (exchange) {
      var token = exchange.getRequestHeaders().getFirst(TOKEN);
      if (token == null || !MessageDigest.isEqual(bytes(token), bytes(order.token()))) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      asked = received;
      byte[] body;
      try {
        body = bytes(answer(query(exchange.getRequestURI()), received).json());
      } catch (RuntimeException e) { // not a question of ours
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      exchange.getResponseHeaders().set("content-type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private PodReply answer(Map<String, String> query, Instant received) {
    long from = Long.parseLong(query.getOrDefault("from", "0"));
    boolean begun = tell(query.get("start"), query.get("stop"));
    // before the rows: where it is there, they are all there
    var ended = end;
    var batch = outbox.from(from, MOST_ROWS);
    return new PodReply(
        instance,
        part,
        received,
        clock.instant(),
        begun,
        generator.stats().scheduled(),
        batch.first(),
        batch.rows(),
        ended);
  }

  private synchronized boolean tell(@Nullable String start, @Nullable String stop) {
    if (start != null && !started && !stopping) {
      generator.start(Instant.parse(start), new Share(part, order.pods()));
      started = true;
    }
    if (stop != null && !stopping) {
      var patience = Duration.ofMillis(Long.parseLong(stop));
      stopping = true;
      Thread.ofPlatform().daemon().name("load-pod-end").start(() -> stop(patience));
    }
    return started;
  }

  private void stop(Duration patience) {
    String failure = null;
    try {
      generator.stop(patience);
    } catch (InterruptedException | RuntimeException e) {
      failure = e.toString();
    }
    end =
        new PodReply.End(
            outbox.count(), canary.late(), canary.lags().text(), canary.lagBySecond(), failure);
  }

  private static Map<String, String> query(URI uri) {
    var query = new HashMap<String, String>();
    for (var each : (uri.getQuery() == null ? "" : uri.getQuery()).split("&", -1)) {
      var pair = each.split("=", 2);
      query.put(pair[0], pair.length == 2 ? pair[1] : "");
    }
    return query;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    canary.close();
    loop.close();
  }
}
