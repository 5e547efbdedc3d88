package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.Env;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A gateway's configuration.
 *
 * @param debugPort tells what the gateway knows of workers; for the pod alone
 * @param apiKeys keys that are let in; empty lets everyone in
 * @param keyConcurrency requests at once for one key, beyond it 429; 0 means no limit
 * @param maxConcurrency requests at once, beyond it 503
 * @param connect bound for a connection to a worker
 * @param firstToken silence of a worker, comments counted as life, before its first token
 * @param token time between tokens, comments not counted
 * @param request bound for a whole request
 * @param holdHeaders how long the answer's head waits for the first token, so that its headers name
 *     the worker that really answers
 * @param maxAttempts workers tried for a request, at least 1
 * @param eject how long a worker that failed is left alone at first
 * @param watchSilence after this silence etcd is asked again, since a lost member is silent too
 * @param etcdTimeout bound for a call to etcd, also for the usage record
 * @param drainDelay between "not ready" and refusing: load balancers need it to notice
 * @param grace bound for drain delay and running requests together
 */
public record GatewayConfig(
    String host,
    int port,
    int debugPort,
    String pod,
    List<URI> etcd,
    List<String> models,
    List<String> apiKeys,
    int keyConcurrency,
    int maxConcurrency,
    Duration connect,
    Duration firstToken,
    Duration token,
    Duration request,
    Duration holdHeaders,
    int maxAttempts,
    double retryRatio,
    int retryFloor,
    Duration eject,
    Duration watchSilence,
    Duration etcdTimeout,
    Duration drainDelay,
    Duration grace) {

  /**
   * @throws IllegalArgumentException naming every bad variable
   */
  public static GatewayConfig from(Map<String, String> environment) {
    var env = new Env(environment);
    var etcd = env.uris("ETCD_ENDPOINTS", "");
    if (etcd.isEmpty()) {
      env.problem("ETCD_ENDPOINTS is not set: expected http://host:port, more parted by commas");
    }
    var config =
        new GatewayConfig(
            env.text("HOST", "0.0.0.0"),
            env.integer("PORT", 8080, 0, 65_535),
            env.integer("DEBUG_PORT", 8081, 0, 65_535),
            env.text("POD_NAME", env.text("HOSTNAME", "api")),
            etcd,
            env.list(
                "MODELS",
                "deepseek-v4-pro,deepseek-flash,deepseek-v4-flash,deepseek-chat,deepseek-reasoner"),
            env.list("API_KEYS", ""),
            env.integer("KEY_CONCURRENCY", 0, 0, 1_000_000),
            env.integer("MAX_CONCURRENCY", 256, 1, 100_000),
            env.duration("CONNECT_TIMEOUT", "1s"),
            env.duration("FIRST_TOKEN_TIMEOUT", "5s"),
            env.duration("TOKEN_TIMEOUT", "3s"),
            env.duration("REQUEST_TIMEOUT", "10m"),
            env.duration("HOLD_HEADERS", "8s"),
            env.integer("MAX_ATTEMPTS", 3, 1, 100),
            env.number("RETRY_BUDGET_RATIO", 0.2, 0, 10),
            env.integer("RETRY_BUDGET_PER_SECOND", 10, 0, 100_000),
            env.duration("EJECT_TIME", "3s"),
            env.duration("WATCH_SILENCE", "5s"),
            env.duration("ETCD_TIMEOUT", "1s"),
            env.duration("DRAIN_DELAY", "3s"),
            env.duration("SHUTDOWN_GRACE", "25s"));
    env.check();
    return config;
  }
}
