package dev.muster.deepseek.worker;

import dev.muster.deepseek.fault.Failure;
import dev.muster.deepseek.fault.FaultPages;
import dev.muster.deepseek.fault.Faults;
import dev.muster.deepseek.group.Group;
import dev.muster.deepseek.group.GroupMetrics;
import dev.muster.deepseek.group.Leader;
import dev.muster.deepseek.prefill.Prefills;
import dev.muster.deepseek.prefill.RemotePrefill;
import dev.muster.deepseek.prefill.Role;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import dev.muster.deepseek.wire.http.Server;
import dev.muster.deepseek.worker.profile.Loading;
import dev.muster.deepseek.worker.profile.MachineClock;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An inference worker: loads its model, registers, answers, drains.
 *
 * <p>It tells its health in levels: {@code /health/live}, the process; {@code /health}, the model
 * is loaded; {@code /health/ready}, it is registered as well; {@code /health_generate}, SGLang's
 * name, the engine gives a token now.
 *
 * <p>One that leads a group loads its model once all ranks are there, and again after one was lost.
 */
public final class Worker implements Drain.Drainable {
  private static final Duration ETCD_TIMEOUT = Duration.ofSeconds(1);
  private static final long MAX_BODY = 4L << 20;
  private static final Duration AGAIN = Duration.ofMillis(100);

  /** Faults for which the model is loaded anew. */
  private static final Set<Failure> RELOADS = Set.of(Failure.SLOW_LOAD, Failure.LOAD_LOOP);

  /** Where a worker is in its life. */
  private enum State {
    LOADING,
    READY,
    DRAINING
  }

  private final WorkerConfig config;
  private final Log log;
  private final WorkerMetrics metrics = new WorkerMetrics("deepseek-v4-pro");
  private final Faults faults;
  private final Group group;
  private final Thread loader = Thread.ofPlatform().daemon().name("loader").unstarted(this::run);
  private final Engine engine;
  private final Loading loading;
  private final Canary canary;
  private final Completions completions;
  private final Prefills prefills;
  private final @Nullable RemotePrefill remote;
  private final WebServer server;
  private volatile State state = State.LOADING;
  private volatile boolean everLoaded;
  private volatile @Nullable Registrar registrar;
  private boolean lost; // guarded by this: the group, since it was whole last

  private Worker(WorkerConfig config, InstantSource clock, Log log) {
    this.config = config;
    this.log = log;
    faults = new Faults(System::nanoTime, log);
    group = group();
    GroupMetrics.of(metrics.registry(), group.size(), () -> group.size() - group.missing().size());
    engine =
        new Engine(
            config.speed(), config.maxWaiting(), metrics, MachineClock.SYSTEM, group, faults);
    metrics.gauges(engine::running, engine::queued, engine::cacheUsage);
    loading = new Loading(config.load(), MachineClock.SYSTEM, log, faults);
    canary = new Canary(engine, config.canaryBound());
    remote =
        config.prefill().role() != Role.DECODE || config.etcd().isEmpty()
            ? null
            : RemotePrefill.start(
                config.prefill(), new Etcd(config.etcd(), ETCD_TIMEOUT), metrics.registry(), log);
    completions = new Completions(config, this::submit, metrics, this::serving, clock, log, faults);
    prefills =
        new Prefills(
            config.prefill(),
            config.contextTokens(),
            (tokens, body) -> engine.submit(Prompt.of(tokens, body), 1).map(g -> g),
            this::serving,
            log);
    server = Server.start(config.host(), config.port(), MAX_BODY, Server.Limits.WIDE, routing());
  }

  /** Listens at once; loads the model in the background. */
  public static Worker start(WorkerConfig config, InstantSource clock, Log log) {
    var worker = new Worker(config, clock, log);
    worker.faults.start();
    worker.loader.start();
    return worker;
  }

  public int port() {
    return server.port();
  }

  /** One that drains answers what comes late, if it ever could. */
  private boolean serving() {
    return everLoaded && state != State.LOADING;
  }

  private Optional<Generation> submit(String id, Prompt prompt, byte[] body, int total) {
    var elsewhere = remote;
    if (elsewhere == null || total == 0) {
      return engine.submit(prompt, total);
    }
    var expected = engine.expect(prompt, total);
    expected.ifPresent(generation ->
        elsewhere.read(
            new RemotePrefill.Request(id, prompt.tokens(), body, generation::cancelled),
            cached -> {
              cached.ifPresent(generation::receive);
              engine.arrive(generation);
            }));
    return expected;
  }

  private int active() {
    return completions.active() + prefills.active();
  }

  private void giveAway(Duration within) throws InterruptedException {
    prefills.giveAway();
    completions.giveAway(within);
  }

  private Group group() {
    return config.group().size() == 1
        ? Group.ALONE
        : Leader.start(config.group(), config.host(), new Members(), System::nanoTime, log);
  }

  @Override
  public void drain(Duration grace) {
    log.info("draining", "active", active());
    withdraw(State.DRAINING);
    try {
      Drain.finish(grace, this::active, this::giveAway);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (remote != null) {
      remote.close();
    }
    engine.close();
    group.close();
    server.stop();
    log.info("drained", "cut_off", active());
  }

  private HttpRouting.Builder routing() {
    var routing = HttpRouting.builder();
    new FaultPages(config.faultToken(), faults).in(routing);
    return routing
        .post("/chat/completions", completions)
        .post("/v1/chat/completions", completions)
        .post("/prefill", prefills)
        .get("/health", (_, r) -> health(r, serving()))
        .get("/health/live", (_, r) -> health(r, true))
        .get("/health/ready", (_, r) -> health(r, ready()))
        .get("/health_generate", (_, r) -> generates(r))
        .get("/metrics", (_, r) -> Server.metrics(r, metrics.text()))
        .any((q, r) -> Server.send(r, ApiError.notFound(q.path().path())));
  }

  private void health(ServerResponse response, boolean good) {
    var lies = lies();
    Server.send(response, lies || good ? 200 : 503, Json.object(json -> writeStatus(json, lies)));
  }

  /** Whether health is to be told good whatever it is. */
  private boolean lies() {
    var lie = faults.of(Failure.LYING_HEALTH);
    lie.ifPresent(Faults.InForce::harmed);
    return lie.isPresent();
  }

  private void writeStatus(JsonGenerator json, boolean lies) {
    var now = lies ? State.READY : state;
    json.writeStringProperty("status", now.name().toLowerCase(Locale.ROOT));
    if (now != State.LOADING) {
      return;
    }
    var missing = group.missing();
    json.writeStringProperty("phase", missing.isEmpty() ? loading.phase().word() : "join");
    if (!missing.isEmpty()) {
      json.writeArrayPropertyStart("missing_ranks");
      for (int rank : missing) {
        json.writeNumber(rank);
      }
      json.writeEndArray();
    }
  }

  private boolean ready() {
    var registers = registrar;
    return state == State.READY
        && (config.etcd().isEmpty() || (registers != null && registers.succeeded()));
  }

  private void generates(ServerResponse response) throws InterruptedException {
    var begin = System.nanoTime();
    var lies = lies();
    var good = lies || (serving() && canary.sings());
    Server.send(
        response,
        good ? 200 : 503,
        Json.object(json -> {
          writeStatus(json, lies);
          json.writeBooleanProperty("generates", good)
              .writeNumberProperty("waited_ms", (System.nanoTime() - begin) / 1_000_000)
              .writeNumberProperty("running", engine.running())
              .writeNumberProperty("waiting", engine.queued());
        }));
  }

  /** Loads the model as often as it is lost, with a rank or to a fault. */
  private void run() {
    while (state != State.DRAINING) {
      try {
        synchronized (this) {
          lost = false;
        }
        group.form();
        if (loaded()) {
          faults.awaitUnused(RELOADS);
          unload();
        }
      } catch (InterruptedException e) {
        withdraw();
      }
    }
  }

  /** False where a rank was lost meanwhile, or this worker drains, so that nobody needs it. */
  private boolean loaded() throws InterruptedException {
    var begin = System.nanoTime();
    do {
      log.info("loading the model", "load_ms", config.load().total().toMillis());
      loading.run();
    } while (loadFails());
    synchronized (this) {
      if (state != State.LOADING || lost) {
        return false;
      }
      engine.start();
      everLoaded = true;
      state = State.READY;
      if (!config.etcd().isEmpty()) {
        register();
      }
    }
    log.info("model loaded", "took_ms", (System.nanoTime() - begin) / 1_000_000);
    return true;
  }

  private boolean loadFails() throws InterruptedException {
    var fault = faults.of(Failure.LOAD_LOOP);
    if (fault.isEmpty() || state != State.LOADING) {
      return false;
    }
    fault.get().harmed();
    log.error("the model was not loaded, beginning again");
    Thread.sleep(AGAIN); // a model may load in no time
    return true;
  }

  /** What is in memory is gone, and with it what runs. */
  private synchronized void unload() {
    if (state == State.READY) {
      withdraw(State.LOADING);
      var why = ApiError.draining("The model is loaded anew. Ask another worker for the rest.");
      engine.lose(why);
      completions.stop(why); // those whose prompts are read elsewhere too
    }
  }

  /** The model is gone with a rank: whoever is answered here is told so, and nobody comes. */
  private final class Members implements Group.Listener {
    @Override
    public void lost(String why) {
      synchronized (Worker.this) {
        lost = true;
        state = state == State.READY ? State.LOADING : state;
      }
      var reason = ApiError.server("The group of this worker is lost: " + why + ".");
      engine.lose(reason);
      completions.stop(reason); // those whose prompts are read elsewhere too
      loader.interrupt();
    }

    @Override
    public void leaving(String why) {
      log.info("a rank leaves, draining", "reason", why, "active", completions.active());
      withdraw();
      try {
        Drain.finish(config.grace(), completions::active, completions::giveAway);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      group.dissolve(why);
      completions.takeAgain();
    }
  }

  private synchronized void register() {
    var address = config.address().replaceFirst(":0$", ":" + server.port());
    registrar =
        new Registrar(
            new Etcd(config.etcd(), ETCD_TIMEOUT),
            config.prefill().role() == Role.PREFILL
                ? RemotePrefill.REGISTERED
                : Registration.PREFIX,
            new Registration(config.pod(), address, "ready"),
            config.leaseTtl(),
            log);
    registrar.start();
  }

  private synchronized void withdraw(State next) {
    state = next;
    withdraw();
  }

  private synchronized void withdraw() {
    if (registrar != null) {
      registrar.close();
      registrar = null;
    }
  }
}
