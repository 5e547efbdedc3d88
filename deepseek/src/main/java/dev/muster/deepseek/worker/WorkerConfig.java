package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.Env;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A worker's configuration.
 *
 * @param host address to listen on
 * @param address where gateways reach this worker, IP and port; port 0 means the one listened on
 * @param etcd members; empty means that the worker does not register
 * @param leaseTtl how long a lost worker stays registered
 * @param grace bound for running requests to finish on SIGTERM
 * @param speed how fast the model is
 * @param maxWaiting requests that may wait for a place in the batch; more get 503
 * @param naturalTokens bound for the length of an answer
 * @param reasoningShare part of the tokens that is thinking, when thinking is on
 */
public record WorkerConfig(
    String host,
    int port,
    String pod,
    String address,
    List<URI> etcd,
    Duration leaseTtl,
    Duration grace,
    Speed speed,
    int maxWaiting,
    int naturalTokens,
    double reasoningShare) {

  /**
   * @throws IllegalArgumentException naming every bad variable
   */
  public static WorkerConfig from(Map<String, String> environment) {
    var env = new Env(environment);
    var port = env.integer("PORT", 8000, 0, 65_535);
    var pod = env.text("POD_NAME", env.text("HOSTNAME", "worker"));
    var config =
        new WorkerConfig(
            env.text("HOST", "0.0.0.0"),
            port,
            pod,
            env.text("ADVERTISE_ADDRESS", env.text("POD_IP", "127.0.0.1") + ":" + port),
            env.uris("ETCD_ENDPOINTS", ""),
            env.duration("LEASE_TTL", "5s"),
            env.duration("SHUTDOWN_GRACE", "25s"),
            Speed.from(env),
            env.integer("MAX_WAITING", 128, 0, 100_000),
            env.integer("NATURAL_TOKENS", 1_000_000, 1, 1_000_000),
            env.number("REASONING_SHARE", 0.2, 0, 1));
    env.check();
    return config;
  }
}
