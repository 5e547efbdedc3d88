package dev.muster.deepseek.engine;

import dev.muster.deepseek.wire.Env;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A registrar's configuration.
 *
 * @param host address to listen on, for probes
 * @param pod by what name the engine is registered
 * @param engine where the engine answers
 * @param healthPath of the page that answers 200 once the engine serves
 * @param address where gateways reach the engine, IP and port
 * @param etcd members
 * @param leaseTtl how long the engine stays registered after this program is lost
 * @param interval between two looks at the engine
 * @param timeout of one look
 * @param failures so many bad looks in a row withdraw the engine
 */
public record EngineConfig(
    String host,
    int port,
    String pod,
    URI engine,
    String healthPath,
    String address,
    List<URI> etcd,
    Duration leaseTtl,
    Duration interval,
    Duration timeout,
    int failures,
    Duration grace) {
  private static final String ENGINE = "http://127.0.0.1:8000";

  /**
   * @throws IllegalArgumentException naming every bad variable
   */
  public static EngineConfig from(Map<String, String> environment) {
    var env = new Env(environment);
    var etcd = env.uris("ETCD_ENDPOINTS", "");
    if (etcd.isEmpty()) {
      env.problem("ETCD_ENDPOINTS is not set: expected http://host:port, more parted by commas");
    }
    var engines = env.uris("ENGINE_URL", ENGINE);
    if (engines.size() > 1) {
      env.problem("ENGINE_URL has more than one address: each engine has its own registrar");
    }
    var engine = engines.isEmpty() ? URI.create(ENGINE) : engines.getFirst();
    var config =
        new EngineConfig(
            env.text("HOST", "0.0.0.0"),
            env.integer("PORT", 8001, 0, 65_535),
            env.text("POD_NAME", env.text("HOSTNAME", "engine")),
            engine,
            env.text("ENGINE_HEALTH_PATH", "/health"),
            env.text("ADVERTISE_ADDRESS", env.text("POD_IP", "127.0.0.1") + ":" + engine.getPort()),
            etcd,
            env.duration("LEASE_TTL", "5s"),
            env.duration("HEALTH_INTERVAL", "1s"),
            env.duration("HEALTH_TIMEOUT", "2s"),
            env.integer("HEALTH_FAILURES", 3, 1, 1_000),
            env.duration("SHUTDOWN_GRACE", "25s"));
    env.check();
    return config;
  }
}
