package dev.muster.deepseek.api;

import dev.muster.deepseek.wire.Etcd;
import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One record in etcd for each finished request, at {@code /deepseek/usage/<request id>}. It is
 * written before the client is told that its request is finished. If etcd does not take it in time
 * (an election lasts seconds) the client has its answer all the same, and the record is tried again
 * in the background, in order, until etcd takes it or this process ends.
 */
final class UsageRecords {
  static final String PREFIX = "/deepseek/usage/";

  /** Some minutes without etcd at ten requests a second; a record is about 500 bytes. */
  private static final int MOST_DELAYED = 5_000;

  private static final Duration RETRY = Duration.ofMillis(500);

  private final Etcd etcd;
  private final String gateway;
  private final InstantSource clock;
  private final GatewayMetrics metrics;
  private final Log log;
  private final BlockingQueue<Delayed> delayed = new LinkedBlockingQueue<>(MOST_DELAYED);
  private final AtomicInteger unwritten = new AtomicInteger();

  /** How a record fared. */
  enum Result {
    WRITTEN,
    /** Not taken in time; waits for another try. */
    DELAYED,
    /** Written after a delay. */
    LATE,
    /** Given up. */
    DROPPED
  }

  private record Delayed(String key, String value) {}

  UsageRecords(Etcd etcd, String gateway, InstantSource clock, GatewayMetrics metrics, Log log) {
    this.etcd = etcd;
    this.gateway = gateway;
    this.clock = clock;
    this.metrics = metrics;
    this.log = log;
  }

  void start() {
    Thread.ofVirtual().name("usage").start(this::writeDelayed);
  }

  /** Returns when the record is safe or the time for it is over. */
  void write(String requestId, String worker, String model, String finish, Usage usage) {
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
      metrics.usageRecord(Result.WRITTEN);
    } catch (IOException e) {
      delay(requestId, value, String.valueOf(e));
    }
  }

  int unwritten() {
    return unwritten.get();
  }

  /** Gives what is delayed a last chance. */
  void close(Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (unwritten.get() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(20);
    }
    if (unwritten.get() > 0) {
      log.error("usage records lost", "count", unwritten.get());
    }
  }

  private void delay(String requestId, String value, String reason) {
    unwritten.incrementAndGet();
    if (delayed.offer(new Delayed(PREFIX + requestId, value))) {
      metrics.usageRecord(Result.DELAYED);
      log.warn("usage record delayed", "request_id", requestId, "reason", reason);
    } else {
      unwritten.decrementAndGet();
      metrics.usageRecord(Result.DROPPED);
      log.error("usage records lost", "count", 1, "request_id", requestId, "reason", reason);
    }
  }

  private void writeDelayed() {
    try {
      while (true) {
        var next = delayed.take();
        while (!written(next)) {
          Thread.sleep(RETRY);
        }
        unwritten.decrementAndGet();
        metrics.usageRecord(Result.LATE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean written(Delayed record) {
    try {
      etcd.put(record.key(), record.value());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
