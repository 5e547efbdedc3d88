package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Etcd;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Registration;
import dev.muster.deepseek.wire.Server;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** An inference worker: loads its model, registers, answers, drains. */
public final class Worker implements Drain.Drainable {
  private static final Duration ETCD_TIMEOUT = Duration.ofSeconds(1);
  private static final long MAX_BODY = 4L << 20;

  /** Where a worker is in its life. */
  private enum State {
    LOADING,
    READY,
    DRAINING
  }

  private final WorkerConfig config;
  private final Log log;
  private final WorkerMetrics metrics = new WorkerMetrics("deepseek-v4-pro");
  private final Engine engine;
  private final Completions completions;
  private final WebServer server;
  private volatile State state = State.LOADING;
  private @Nullable Registrar registrar;

  private Worker(WorkerConfig config, InstantSource clock, Log log) {
    this.config = config;
    this.log = log;
    engine = new Engine(config.speed(), config.maxWaiting(), metrics);
    // No memory is modelled yet: a full batch counts as a full cache
    metrics.gauges(
        engine::running,
        engine::queued,
        () -> Math.min(1, engine.running() / (double) config.speed().maxBatch()));
    completions =
        new Completions(config, engine, metrics, () -> state != State.LOADING, clock, log);
    server = Server.start(config.host(), config.port(), MAX_BODY, routing());
  }

  /** Listens at once; loads the model in the background. */
  public static Worker start(WorkerConfig config, InstantSource clock, Log log) {
    var worker = new Worker(config, clock, log);
    Thread.ofPlatform().daemon().name("loader").start(worker::load);
    return worker;
  }

  public int port() {
    return server.port();
  }

  @Override
  public void drain(Duration grace) {
    log.info("draining", "active", completions.active());
    withdraw();
    var end = System.nanoTime() + grace.toNanos();
    try {
      while (completions.active() > 0 && System.nanoTime() < end) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engine.close();
    server.stop();
    log.info("drained", "cut_off", completions.active());
  }

  private HttpRouting.Builder routing() {
    return HttpRouting.builder()
        .post("/chat/completions", completions)
        .post("/v1/chat/completions", completions)
        .get("/health", (_, r) -> health(r, state != State.LOADING))
        .get("/health/live", (_, r) -> health(r, true))
        .get("/health/ready", (_, r) -> health(r, state == State.READY))
        .get("/metrics", (_, r) -> Server.metrics(r, metrics.text()))
        .any((q, r) -> Server.send(r, ApiError.notFound(q.path().path())));
  }

  private void health(ServerResponse response, boolean good) {
    var name = state.name().toLowerCase(java.util.Locale.ROOT);
    Server.send(response, good ? 200 : 503, "{\"status\":\"" + name + "\"}");
  }

  private void load() {
    var begin = System.nanoTime();
    try {
      log.info("loading the model", "load_ms", config.speed().load().toMillis());
      Thread.sleep(config.speed().load());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    engine.start();
    synchronized (this) {
      if (state != State.LOADING) {
        return;
      }
      state = State.READY;
      if (!config.etcd().isEmpty()) {
        register();
      }
    }
    log.info("model loaded", "took_ms", (System.nanoTime() - begin) / 1_000_000);
  }

  private synchronized void register() {
    var address = config.address().replaceFirst(":0$", ":" + server.port());
    registrar =
        new Registrar(
            new Etcd(config.etcd(), ETCD_TIMEOUT),
            new Registration(config.pod(), address, "ready"),
            config.leaseTtl(),
            log);
    registrar.start();
  }

  private synchronized void withdraw() {
    state = State.DRAINING;
    if (registrar != null) {
      registrar.close();
      registrar = null;
    }
  }
}
