package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.Etcd;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Usage;
import java.io.IOException;
import java.time.InstantSource;

/**
 * One record in etcd for each finished request, at {@code /deepseek/usage/<request id>}. It is
 * written before the client is told that its request is finished; if etcd does not take it in time,
 * that is counted and logged, and the client has its answer all the same.
 */
final class UsageRecords {
  static final String PREFIX = "/deepseek/usage/";

  private final Etcd etcd;
  private final String gateway;
  private final InstantSource clock;
  private final GatewayMetrics metrics;
  private final Log log;

  UsageRecords(Etcd etcd, String gateway, InstantSource clock, GatewayMetrics metrics, Log log) {
    this.etcd = etcd;
    this.gateway = gateway;
    this.clock = clock;
    this.metrics = metrics;
    this.log = log;
  }

  /** Returns whether the record is safe. */
  boolean write(String requestId, String worker, String model, String finish, Usage usage) {
    var value =
        "{\"request\":%s,\"gateway\":%s,\"worker\":%s,\"model\":%s,\"finish\":%s,\"at\":\"%s\",\"usage\":%s}"
            .formatted(
                Json.quote(requestId),
                Json.quote(gateway),
                Json.quote(worker),
                Json.quote(model),
                Json.quote(finish),
                clock.instant(),
                usage.json());
    try {
      etcd.put(PREFIX + requestId, value);
      metrics.usageRecord(true);
      return true;
    } catch (IOException e) {
      metrics.usageRecord(false);
      log.error(
          "usage record not written",
          "request_id",
          requestId,
          "worker",
          worker,
          "tokens",
          usage.completion(),
          "reason",
          String.valueOf(e));
      return false;
    }
  }
}
