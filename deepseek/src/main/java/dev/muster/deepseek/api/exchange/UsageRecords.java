package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.wire.Json;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.Usage;
import dev.muster.deepseek.wire.etcd.Etcd;
import dev.muster.deepseek.wire.http.Watchdog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One record in etcd for each finished request, at {@code /deepseek/usage/<request id>}. One thread
 * puts all that wait in one transaction, and while etcd commits it the next ones gather. A request
 * is acknowledged, and its client told that it is finished, after the commit. If etcd does not
 * commit in time (an election lasts seconds) the log says that the record is delayed, and then the
 * client has its answer all the same: the record is tried again, in order, until etcd takes it or
 * this process ends.
 */
public final class UsageRecords {
  public static final String PREFIX = "/deepseek/usage/";

  /** What etcd takes in one transaction unless it is told otherwise (--max-txn-ops). */
  private static final int BATCH = 128;

  /** Some minutes without etcd at ten requests a second; a record is about 500 bytes. */
  private static final int MOST_WAITING = 5_000;

  /** How long the first record of a batch waits for others: so much later {@code [DONE]} comes. */
  private static final Duration GATHERED = Duration.ofMillis(20);

  private static final Duration RETRY = Duration.ofMillis(500);

  private static final String SLOW = "etcd is slow";

  private final Etcd etcd;
  private final Retention retention;
  private final Duration patience;
  private final String gateway;
  private final InstantSource clock;
  private final GatewayMetrics metrics;
  private final Log log;
  private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(MOST_WAITING);
  private final AtomicInteger unwritten = new AtomicInteger();
  private volatile String trouble = SLOW;

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

  /** A record on its way; what becomes of it first, written or delayed, stays. */
  private record Waiting(
      Etcd.Entry entry, AtomicReference<@Nullable Result> result, CountDownLatch told) {
    boolean becomes(Result first) {
      boolean is = result.compareAndSet(null, first);
      told.countDown();
      return is;
    }
  }

  /**
   * @param patience how long a request waits for its record
   */
  public UsageRecords(
      Etcd etcd,
      Retention retention,
      Duration patience,
      String gateway,
      InstantSource clock,
      GatewayMetrics metrics,
      Log log) {
    this.etcd = etcd;
    this.retention = retention;
    this.patience = patience;
    this.gateway = gateway;
    this.clock = clock;
    this.metrics = metrics;
    this.log = log;
  }

  public void start() {
    Thread.ofPlatform().daemon().name("usage").start(this::run);
  }

  /** Returns when the record is safe or the time for it is over. */
  void write(String requestId, String worker, String model, String finish, Usage usage) {
    var value =
        Json.object(json ->
            json.writeStringProperty("request", requestId)
                .writeStringProperty("gateway", gateway)
                .writeStringProperty("worker", worker)
                .writeStringProperty("model", model)
                .writeStringProperty("finish", finish)
                .writeStringProperty("at", clock.instant().toString())
                .writeName("usage")
                .writeRawValue(usage.json()));
    var record =
        new Waiting(
            new Etcd.Entry(PREFIX + requestId, value),
            new AtomicReference<>(),
            new CountDownLatch(1));
    if (!queue.offer(record)) {
      metrics.usageRecord(Result.DROPPED);
      log.error("usage records lost", "count", 1, "request_id", requestId, "reason", trouble);
    } else if (committed(record)) {
      metrics.usageRecord(Result.WRITTEN);
    } else {
      metrics.usageRecord(Result.DELAYED);
      log.warn("usage record delayed", "request_id", requestId, "reason", trouble);
    }
  }

  private boolean committed(Waiting record) {
    var end = System.nanoTime() + patience.toNanos();
    Watchdog.Watched overdue =
        now -> {
          if (now - end >= 0) {
            delay(record);
          }
        };
    Watchdog.SHARED.add(overdue);
    try {
      record.told().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      delay(record);
    } finally {
      Watchdog.SHARED.remove(overdue);
    }
    return record.result().get() == Result.WRITTEN;
  }

  private void delay(Waiting record) {
    unwritten.incrementAndGet(); // before it may be written all the same
    if (!record.becomes(Result.DELAYED)) {
      unwritten.decrementAndGet();
    }
  }

  public int unwritten() {
    return unwritten.get();
  }

  /** Gives what is delayed a last chance. */
  public void close(Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (unwritten.get() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(20);
    }
    if (unwritten.get() > 0) {
      log.error("usage records lost", "count", unwritten.get());
    }
  }

  private void run() {
    try {
      var batch = new LinkedHashMap<String, Waiting>();
      @Nullable Waiting left = null;
      while (true) {
        var first = left == null ? queue.take() : left;
        Thread.sleep(GATHERED);
        left = gather(first, batch);
        while (!written(batch)) {
          Thread.sleep(RETRY);
        }
        batch.values().forEach(this::tell);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Takes all that wait and fit; etcd refuses a transaction with two values for a key, which are
   * those of a client that uses an id twice.
   *
   * @return the first that does not fit
   */
  private @Nullable Waiting gather(Waiting first, Map<String, Waiting> batch) {
    @Nullable Waiting next = first;
    while (next != null && batch.size() < BATCH) {
      if (batch.putIfAbsent(next.entry().key(), next) != null) {
        return next;
      }
      next = queue.poll();
    }
    return next;
  }

  private boolean written(Map<String, Waiting> batch) {
    try {
      etcd.putAll(batch.values().stream().map(Waiting::entry).toList(), retention.lease());
      trouble = SLOW;
      return true;
    } catch (Etcd.Refused e) {
      retention.forget();
      trouble = String.valueOf(e);
    } catch (IOException e) {
      trouble = String.valueOf(e);
    }
    return false;
  }

  private void tell(Waiting record) {
    if (!record.becomes(Result.WRITTEN)) {
      unwritten.decrementAndGet();
      metrics.usageRecord(Result.LATE);
    }
  }
}
