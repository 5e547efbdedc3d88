package dev.muster.deepseek.api;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.api.exchange.Exchange;
import dev.muster.deepseek.api.exchange.GatewayMetrics;
import dev.muster.deepseek.api.exchange.Retention;
import dev.muster.deepseek.api.exchange.RetryBudget;
import dev.muster.deepseek.api.exchange.UsageRecords;
import dev.muster.deepseek.api.fleet.Discovery;
import dev.muster.deepseek.api.fleet.Fleet;
import dev.muster.deepseek.api.fleet.Patience;
import dev.muster.deepseek.api.fleet.Prober;
import dev.muster.deepseek.api.fleet.WaitingLine;
import dev.muster.deepseek.api.reply.OpenReplies;
import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.http.KeptCalls;
import dev.muster.deepseek.wire.http.Server;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** The REST gateway: finds workers in etcd, routes, retries, accounts, drains. */
public final class Gateway implements Drain.Drainable {
  private static final String LIVE =
      Json.object(json -> json.writeStringProperty("status", "live"));

  private static final Duration LAST_RECORDS = Duration.ofSeconds(2);

  /** Of a connection to a worker; the engines that may be behind it close what idles for 5 s. */
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final GatewayConfig config;
  private final Log log;
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final Fleet fleet;
  private final Admission admission;
  private final Prober prober;
  private final Discovery discovery;
  private final UsageRecords records;
  private final OpenReplies replies;
  private final WebServer server;
  private final WebServer debug;
  private volatile boolean draining;

  private Gateway(GatewayConfig config, InstantSource clock, Log log) {
    this.config = config;
    replies = new OpenReplies(config.holdUnanswered(), System::nanoTime);
    this.log = log;
    var bounds =
        new Fleet.Bounds(
            config.eject(), config.slowStart(), config.workerQueue(), config.maxInFlight());
    fleet = new Fleet(bounds, Patience.of(config), System::nanoTime);
    var line = new WaitingLine(fleet, config.maxQueue(), System::nanoTime);
    var toWorkers = new KeptCalls(KEPT);
    prober = new Prober(fleet, toWorkers, config);
    admission =
        new Admission(
            config.accounts().keys(),
            config.keyConcurrency(),
            config.maxConcurrency(),
            config.maxBodies());
    var etcd = new Etcd(config.etcd(), config.etcdTimeout());
    discovery = new Discovery(etcd, fleet, config.watchSilence(), log);
    records =
        new UsageRecords(
            etcd,
            new Retention(etcd, config.usageRetention(), System::nanoTime),
            config.etcdTimeout(),
            config.pod(),
            clock,
            metrics,
            log);
    metrics.gauges(
        admission::running,
        line::length,
        fleet::size,
        fleet::ejected,
        fleet::ejections,
        records::unwritten,
        () -> discovery.connected() ? 1 : 0);
    var service =
        new Exchange.Service(
            config,
            toWorkers,
            line,
            new RetryBudget(config.retryRatio(), config.retryFloor(), System::nanoTime),
            records,
            metrics,
            log);
    server =
        Server.start(
            config.host(),
            config.port(),
            GatewayConfig.MAX_BODY,
            new Server.Limits(config.maxConnections(), config.receive(), config.write()),
            routing(front -> new Completions(config, admission, service, replies, front)));
    debug =
        Server.start(
            config.host(),
            config.debugPort(),
            GatewayConfig.MAX_BODY,
            Server.Limits.WIDE,
            HttpRouting.builder().get("/debug/workers", (_, r) -> workers(r)));
  }

  /** Listens at once; ready as soon as a worker is known. */
  public static Gateway start(GatewayConfig config, InstantSource clock, Log log) {
    var gateway = new Gateway(config, clock, log);
    gateway.discovery.start();
    gateway.prober.start();
    gateway.records.start();
    gateway.replies.start();
    return gateway;
  }

  public int port() {
    return server.port();
  }

  /** Of the pod alone: no Service and no ingress leads to it. */
  public int debugPort() {
    return debug.port();
  }

  @Override
  public void drain(Duration grace) {
    log.info("draining", "active", admission.running());
    draining = true;
    try {
      Thread.sleep(config.drainDelay());
      admission.close();
      Drain.finish(
          grace.compareTo(config.drainDelay()) > 0
              ? grace.minus(config.drainDelay())
              : Duration.ZERO,
          admission::running,
          replies::handOver);
      records.close(LAST_RECORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    discovery.close();
    prober.close();
    replies.close();
    server.stop();
    debug.stop();
    log.info("drained", "cut_off", admission.running());
  }

  private HttpRouting.Builder routing(Function<Front, Handler> completions) {
    var chat = completions.apply(Front.CHAT);
    var models = withKey((_, r) -> Server.send(r, 200, models(config.models())));
    var model = withKey((q, r) -> model(q.path().pathParameters().get("id"), r));
    return HttpRouting.builder()
        .post("/chat/completions", chat)
        .post("/v1/chat/completions", chat)
        .post("/beta/chat/completions", completions.apply(Front.BETA_CHAT))
        .post("/beta/completions", completions.apply(Front.FIM))
        .any("/chat/completions", Gateway::postOnly)
        .any("/v1/chat/completions", Gateway::postOnly)
        .any("/beta/chat/completions", Gateway::postOnly)
        .any("/beta/completions", Gateway::postOnly)
        .get("/models", models)
        .get("/v1/models", models)
        .get("/models/{id}", model)
        .get("/v1/models/{id}", model)
        .get("/user/balance", withKey(this::balance))
        .get("/health", (_, r) -> ready(r))
        .get("/health/ready", (_, r) -> ready(r))
        .get("/health/live", (_, r) -> Server.send(r, 200, LIVE))
        .get("/metrics", (_, r) -> Server.metrics(r, metrics.text()))
        .any((q, r) -> Server.send(r, ApiError.notFound(q.path().path())));
  }

  private static void postOnly(ServerRequest request, ServerResponse response) {
    response.header(HeaderNames.ALLOW.defaultCase(), "POST");
    var method = request.prologue().method().text();
    Server.send(response, ApiError.wrongMethod(method, request.path().path(), "POST"));
  }

  private void balance(ServerRequest request, ServerResponse response) {
    Server.send(response, 200, config.accounts().json(Completions.key(request)));
  }

  private void ready(ServerResponse response) {
    var workers = fleet.size();
    var why = draining ? "draining" : workers == 0 ? "no worker is known" : "ready";
    Server.send(
        response,
        why.equals("ready") ? 200 : 503,
        Json.object(json ->
            json.writeStringProperty("status", why)
                .writeNumberProperty("workers", workers)
                .writeStringProperty("etcd", discovery.connected() ? "up" : "away")));
  }

  /** What this gateway would route by now, and how new that is. */
  private void workers(ServerResponse response) {
    Server.send(
        response,
        200,
        Json.object(json -> {
          json.writeStringProperty("pod", config.pod())
              .writeNumberProperty("revision", discovery.revision())
              .writeStringProperty("etcd", discovery.connected() ? "up" : "away")
              .writeArrayPropertyStart("workers");
          fleet.pods().forEach(json::writeString);
          json.writeEndArray();
        }));
  }

  private Handler withKey(Handler handler) {
    return Completions.withKey(admission, handler);
  }

  private void model(String name, ServerResponse response) {
    if (!config.models().contains(name)) {
      throw ApiError.notFound("/models/" + name);
    }
    Server.send(response, 200, Json.object(json -> write(json, name)));
  }

  private static void write(JsonGenerator json, String model) {
    json.writeStringProperty("id", model)
        .writeStringProperty("object", "model")
        .writeStringProperty("owned_by", "deepseek");
  }

  private static String models(List<String> names) {
    return Json.object(json -> {
      json.writeStringProperty("object", "list").writeArrayPropertyStart("data");
      for (var name : names) {
        json.writeStartObject();
        write(json, name);
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }
}
