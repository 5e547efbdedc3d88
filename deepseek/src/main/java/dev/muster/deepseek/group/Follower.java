package dev.muster.deepseek.group;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Metrics;
import dev.muster.deepseek.wire.http.Server;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A pod of a group that is not its leader: it serves nobody. It is live as long as its process is,
 * and ready while it is with its leader. Once a group that was whole is lost it has nothing left to
 * do: what it holds of the model's state is of no use to another group.
 */
public final class Follower implements Drain.Drainable {
  private static final long MAX_BODY = 1 << 16;

  private final Membership membership;
  private final GroupConfig config;
  private final Metrics metrics = new Metrics();
  private final CountDownLatch over = new CountDownLatch(1);
  private final WebServer server;
  private volatile boolean ends;

  private Follower(GroupConfig config, String host, int port, Log log) {
    this.config = config;
    membership = new Membership(config, log);
    GroupMetrics.of(metrics, config.size(), () -> membership.whole() ? config.size() : 0);
    server = Server.start(host, port, MAX_BODY, Server.Limits.WIDE, routing());
  }

  /**
   * @param port for health and metrics; 0 for any free one
   * @param onLost called once, when a group that was whole is lost
   */
  public static Follower start(
      GroupConfig config, String host, int port, Log log, Runnable onLost) {
    var follower = new Follower(config, host, port, log);
    Thread.ofPlatform().daemon().name("rank").start(() -> follower.run(onLost));
    return follower;
  }

  public int port() {
    return server.port();
  }

  /** Waits for its leader to hand over what runs, for at most this long. */
  @Override
  public void drain(Duration grace) {
    ends = true;
    membership.leave();
    try {
      if (membership.whole()) {
        over.await(grace.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    membership.close();
    server.stop();
  }

  private void run(Runnable onLost) {
    try {
      membership.run();
      over.countDown();
      if (membership.whole() && !ends) {
        onLost.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpRouting.Builder routing() {
    return HttpRouting.builder()
        .get("/health", (_, r) -> health(r, membership.joined()))
        .get("/health/live", (_, r) -> health(r, true))
        .get("/health/ready", (_, r) -> health(r, membership.joined()))
        .get("/metrics", (_, r) -> Server.metrics(r, metrics.text()))
        .any((q, r) ->
            Server.send(
                r,
                ApiError.notFound(
                    q.path().path()
                        + " (this is rank %d of a group; its leader %s serves)"
                            .formatted(config.rank(), config.leader()))));
  }

  private void health(ServerResponse response, boolean good) {
    Server.send(
        response,
        good ? 200 : 503,
        Json.object(json ->
            json.writeStringProperty("status", membership.joined() ? "following" : "joining")
                .writeNumberProperty("rank", config.rank())));
  }
}
