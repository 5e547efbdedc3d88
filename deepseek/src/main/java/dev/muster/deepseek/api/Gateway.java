package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Etcd;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Server;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/** The REST gateway: finds workers in etcd, routes, retries, accounts, drains. */
public final class Gateway implements Drain.Drainable {
  private static final long MAX_BODY = 4L << 20;

  private static final Duration LAST_RECORDS = Duration.ofSeconds(2);

  private final GatewayConfig config;
  private final Log log;
  private final GatewayMetrics metrics = new GatewayMetrics();
  private final Fleet fleet;
  private final Admission admission;
  private final Discovery discovery;
  private final UsageRecords records;
  private final WebServer server;
  private final WebServer debug;
  private volatile boolean draining;

  private Gateway(GatewayConfig config, InstantSource clock, Log log) {
    this.config = config;
    this.log = log;
    fleet = new Fleet(config.eject(), System::nanoTime);
    admission = new Admission(config.apiKeys(), config.keyConcurrency(), config.maxConcurrency());
    var etcd = new Etcd(config.etcd(), config.etcdTimeout());
    discovery = new Discovery(etcd, fleet, config.watchSilence(), log);
    records = new UsageRecords(etcd, config.pod(), clock, metrics, log);
    metrics.gauges(
        admission::running,
        fleet::size,
        fleet::ejected,
        records::unwritten,
        () -> discovery.connected() ? 1 : 0);
    var service =
        new Exchange.Service(
            config,
            fleet,
            new RetryBudget(config.retryRatio(), config.retryFloor(), System::nanoTime),
            records,
            metrics,
            log);
    server =
        Server.start(
            config.host(),
            config.port(),
            MAX_BODY,
            routing(new Completions(config, admission, service)));
    debug =
        Server.start(
            config.host(),
            config.debugPort(),
            MAX_BODY,
            HttpRouting.builder().get("/debug/workers", (_, r) -> workers(r)));
  }

  /** Listens at once; ready as soon as a worker is known. */
  public static Gateway start(GatewayConfig config, InstantSource clock, Log log) {
    var gateway = new Gateway(config, clock, log);
    gateway.discovery.start();
    gateway.records.start();
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
    var end = System.nanoTime() + grace.toNanos();
    log.info("draining", "active", admission.running());
    draining = true;
    try {
      Thread.sleep(config.drainDelay());
      admission.close();
      while (admission.running() > 0 && System.nanoTime() - end < 0) {
        Thread.sleep(20);
      }
      records.close(LAST_RECORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    discovery.close();
    server.stop();
    debug.stop();
    log.info("drained", "cut_off", admission.running());
  }

  private HttpRouting.Builder routing(Completions completions) {
    return HttpRouting.builder()
        .post("/chat/completions", completions)
        .post("/v1/chat/completions", completions)
        .get("/models", (_, r) -> Server.send(r, 200, models(config.models())))
        .get("/v1/models", (_, r) -> Server.send(r, 200, models(config.models())))
        .get("/health", (_, r) -> ready(r))
        .get("/health/ready", (_, r) -> ready(r))
        .get("/health/live", (_, r) -> Server.send(r, 200, "{\"status\":\"live\"}"))
        .get("/metrics", (_, r) -> Server.metrics(r, metrics.text()))
        .any((q, r) -> Server.send(r, ApiError.notFound(q.path().path())));
  }

  private void ready(ServerResponse response) {
    var workers = fleet.size();
    var why = draining ? "draining" : workers == 0 ? "no worker is known" : "ready";
    Server.send(
        response,
        why.equals("ready") ? 200 : 503,
        "{\"status\":%s,\"workers\":%d,\"etcd\":\"%s\"}"
            .formatted(Json.quote(why), workers, discovery.connected() ? "up" : "away"));
  }

  /** What this gateway would route by now, and how new that is. */
  private void workers(ServerResponse response) {
    Server.send(
        response,
        200,
        "{\"pod\":%s,\"revision\":%d,\"etcd\":\"%s\",\"workers\":[%s]}"
            .formatted(
                Json.quote(config.pod()),
                discovery.revision(),
                discovery.connected() ? "up" : "away",
                fleet.pods().stream().map(Json::quote).collect(Collectors.joining(","))));
  }

  private static String models(List<String> names) {
    return names.stream()
        .map(n -> "{\"id\":" + Json.quote(n) + ",\"object\":\"model\",\"owned_by\":\"deepseek\"}")
        .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
  }
}
