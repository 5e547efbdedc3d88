package dev.muster.deepseek.api.config;

import dev.muster.deepseek.wire.Env;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A gateway's configuration.
 *
 * @param debugPort tells what the gateway knows of workers; for the pod alone
 * @param workerApi how workers are asked
 * @param accounts keys that are let in; without any everyone is
 * @param keyConcurrency requests at once for one key, beyond it 429; 0 means no limit
 * @param maxConcurrency requests at once, beyond it 503
 * @param maxBodies bytes of the bodies of all requests at once, beyond it 503
 * @param maxConnections of clients at once; beyond it those that are idle for longest are closed
 * @param receive bound for a request's head to come, and for its body
 * @param contextTokens the workers'; what is surely longer is refused before it is read
 * @param write bound for one write to a client: who does not read gives his place back
 * @param connect bound for a connection to a worker
 * @param firstToken to a worker's first token, where it has nothing to read; comments double it
 * @param promptRate tokens of prompts that the slowest worker reads in a second; what it has to
 *     read is added to that
 * @param token time between tokens at most, comments not counted; a worker whose pace is known gets
 *     eight of its 99th percentiles
 * @param tokenFloor but not less than this
 * @param request bound for a whole request
 * @param holdHeaders how long the answer's head waits for the first token, so that its headers name
 *     the worker that really answers, where one says that it is at it, as it does each second
 * @param holdUnanswered the same where no worker says anything: an error then has its status
 * @param onLoss of a worker in the middle of an answer
 * @param resumeWithin from the loss to the first chunk of the worker that goes on
 * @param maxAttempts workers tried for a request, or for the rest of an answer, at least 1
 * @param queueTimeout how long a request waits for a worker with room; beyond it 503
 * @param maxQueue requests that wait so at once
 * @param workerQueue requests that wait for their first token at one worker
 * @param maxInFlight requests at one worker, waiting or not; 0 means no limit
 * @param retryRatio retries that a request earns
 * @param retryFloor retries a second, where requests earn less
 * @param eject how long a worker that failed is left alone at first
 * @param slowStart in which a new worker comes to its whole share of requests
 * @param watchSilence after this silence etcd is asked again, since a lost member is silent too
 * @param etcdTimeout bound for a call to etcd, also for the usage record
 * @param usageRetention how long etcd keeps a usage record at least; zero keeps it for ever
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
    WorkerApi workerApi,
    Accounts accounts,
    int keyConcurrency,
    int maxConcurrency,
    long maxBodies,
    int maxConnections,
    Duration receive,
    int contextTokens,
    Duration write,
    Duration connect,
    Duration firstToken,
    int promptRate,
    Duration token,
    Duration tokenFloor,
    Duration request,
    Duration holdHeaders,
    Duration holdUnanswered,
    OnLoss onLoss,
    Duration resumeWithin,
    int maxAttempts,
    Duration queueTimeout,
    int maxQueue,
    int workerQueue,
    int maxInFlight,
    double retryRatio,
    int retryFloor,
    Duration eject,
    Duration slowStart,
    Duration watchSilence,
    Duration etcdTimeout,
    Duration usageRetention,
    Duration drainDelay,
    Duration grace) {
  public static final long MAX_BODY = 4L << 20;

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
            env.one("WORKER_API", WorkerApi.class, WorkerApi.DEEPSEEK),
            Accounts.of(env.list("API_KEYS", "")),
            env.integer("KEY_CONCURRENCY", 0, 0, 1_000_000),
            env.integer("MAX_CONCURRENCY", 256, 1, 100_000),
            env.integer("MAX_BODIES_BYTES", bodies(), 1, Integer.MAX_VALUE),
            env.integer("MAX_CONNECTIONS", connections(), 1, 1_000_000),
            env.duration("RECEIVE_TIMEOUT", "20s"),
            env.integer("CONTEXT_TOKENS", 1_048_576, 2, Integer.MAX_VALUE / 2),
            env.duration("WRITE_TIMEOUT", "20s"),
            env.duration("CONNECT_TIMEOUT", "1s"),
            env.duration("FIRST_TOKEN_TIMEOUT", "5s"),
            env.integer("PROMPT_RATE", 2_000, 1, 10_000_000),
            env.duration("TOKEN_TIMEOUT", "3s"),
            env.duration("TOKEN_TIMEOUT_FLOOR", "1500ms"),
            env.duration("REQUEST_TIMEOUT", "10m"),
            env.duration("HOLD_HEADERS", "900ms"),
            env.duration("HOLD_UNANSWERED", "6s"),
            env.one("ON_LOSS", OnLoss.class, OnLoss.RESUME),
            env.duration("RESUME_TIMEOUT", "10s"),
            env.integer("MAX_ATTEMPTS", 3, 1, 100),
            env.duration("QUEUE_TIMEOUT", "5s"),
            env.integer("MAX_QUEUE", 128, 0, 100_000),
            env.integer("WORKER_QUEUE", 32, 1, 100_000),
            env.integer("MAX_IN_FLIGHT", 0, 0, 100_000),
            env.number("RETRY_BUDGET_RATIO", 0.1, 0, 10),
            env.integer("RETRY_BUDGET_PER_SECOND", 2, 0, 100_000),
            env.duration("EJECT_TIME", "3s"),
            env.duration("SLOW_START", "10s"),
            env.duration("WATCH_SILENCE", "5s"),
            env.duration("ETCD_TIMEOUT", "1s"),
            env.duration("USAGE_RETENTION", "24h"),
            env.duration("DRAIN_DELAY", "3s"),
            env.duration("SHUTDOWN_GRACE", "25s"));
    env.check();
    return config;
  }

  /** Each has 20 KiB of buffers and objects, and most of the heap is for others. */
  private static int connections() {
    return Math.clamp(Runtime.getRuntime().maxMemory() / (128 << 10), 512, 16_384);
  }

  /**
   * While it is read, a body takes up to six times its size, and half of the heap is for others.
   */
  private static int bodies() {
    return (int) Math.clamp(Runtime.getRuntime().maxMemory() / 12, MAX_BODY, 1L << 30);
  }
}
