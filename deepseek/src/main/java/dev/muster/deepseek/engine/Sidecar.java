package dev.muster.deepseek.engine;

import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.etcd.Registration;
import dev.muster.deepseek.wire.http.Server;
import dev.muster.deepseek.worker.Registrar;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an engine's health page: registers the engine as a worker once it serves, withdraws it
 * where it does not or where this program is told to end.
 *
 * <p>Probes: {@code /health/live}, the process; {@code /health/ready}, the engine is registered.
 */
public final class Sidecar implements Drain.Drainable {
  private static final Duration ETCD_TIMEOUT = Duration.ofSeconds(1);
  private static final long MAX_BODY = 1024;

  private final EngineConfig config;
  private final Log log;
  private final HealthPage page;
  private final Etcd etcd;
  private final WebServer server;
  private final Thread loop = Thread.ofPlatform().daemon().name("engine").unstarted(this::run);
  private @Nullable Registrar registrar; // all below are guarded by this
  private boolean closed;
  private int failures;

  private Sidecar(EngineConfig config, Log log) {
    this.config = config;
    this.log = log;
    page = new HealthPage(config.engine(), config.healthPath(), config.timeout());
    etcd = new Etcd(config.etcd(), ETCD_TIMEOUT);
    server =
        Server.start(
            config.host(),
            config.port(),
            MAX_BODY,
            Server.Limits.WIDE,
            HttpRouting.builder()
                .get("/health/live", (_, r) -> health(r, true))
                .get("/health/ready", (_, r) -> health(r, registered())));
  }

  /** Listens at once; registers in the background. */
  public static Sidecar start(EngineConfig config, Log log) {
    var sidecar = new Sidecar(config, log);
    sidecar.loop.start();
    return sidecar;
  }

  public int port() {
    return server.port();
  }

  /** Withdraws at once; the engine ends what it has by itself. */
  @Override
  public void drain(Duration grace) {
    synchronized (this) {
      closed = true;
    }
    loop.interrupt();
    withdraw("this program was told to end");
    server.stop();
  }

  private synchronized boolean registered() {
    return registrar != null && registrar.succeeded();
  }

  private static void health(ServerResponse response, boolean good) {
    Server.send(
        response,
        good ? 200 : 503,
        Json.object(json -> json.writeStringProperty("status", good ? "ready" : "not ready")));
  }

  private void run() {
    try {
      while (true) {
        var problem = page.problem();
        if (problem.isEmpty()) {
          register();
        } else if (enough()) {
          withdraw(problem);
        }
        Thread.sleep(config.interval());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void register() {
    failures = 0;
    if (closed || registrar != null) {
      return;
    }
    registrar =
        new Registrar(
            etcd,
            Registration.PREFIX,
            new Registration(config.pod(), config.address(), "ready"),
            config.leaseTtl(),
            log);
    registrar.start();
  }

  /** One slow answer is no reason: a busy engine's page waits for its turn too. */
  private synchronized boolean enough() {
    return ++failures >= config.failures();
  }

  private synchronized void withdraw(String why) {
    if (registrar != null) {
      log.warn("withdrawing the engine", "reason", why);
      registrar.close();
      registrar = null;
    }
  }
}
