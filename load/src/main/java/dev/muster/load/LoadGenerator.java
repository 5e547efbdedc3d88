package dev.muster.load;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Open loop: each request starts at its intended time on a virtual thread of its own, whatever the
 * answers do. Every scheduled request gives exactly one row. Safe for several threads.
 */
public final class LoadGenerator {
  /** Requests at once; beyond it the generator, not the service, would be measured. */
  private static final int IN_FLIGHT = 2000;

  private static final long LONGEST_LAG_MILLIS = 60_000;

  private final ChatClient client;
  private final Schedule schedule;
  private final InstantSource clock;
  private final Consumer<Request> ledger;
  private final Recent recent;
  private final String prefix;
  private final Semaphore room = new Semaphore(IN_FLIGHT);
  private final AtomicLong scheduled = new AtomicLong();
  private final ConcurrentHistogram lag = new ConcurrentHistogram(LONGEST_LAG_MILLIS, 3);
  private final RunningRequests requests = new RunningRequests();
  private final Thread pacer =
      Thread.ofPlatform().name("load-pacer").daemon().unstarted(this::pace);
  private volatile boolean stopped;

  /**
   * @param prefix of the request ids, unique to the run
   */
  public LoadGenerator(
      ChatClient client,
      Schedule schedule,
      InstantSource clock,
      Consumer<Request> ledger,
      String prefix) {
    this.client = client;
    this.schedule = schedule;
    this.clock = clock;
    this.ledger = ledger;
    this.prefix = prefix;
    this.recent = new Recent(clock);
  }

  public void start() {
    pacer.start();
  }

  public Recent recent() {
    return recent;
  }

  /** What the generator says of itself at the end. */
  public record Summary(long scheduled, double sendLagP99Millis, double sendLagMaxMillis) {}

  /** No new requests; the running ones get so long, then they are ended. */
  public Summary stop(Duration atMost) throws InterruptedException {
    stopped = true;
    LockSupport.unpark(pacer);
    pacer.join();
    if (!room.tryAcquire(IN_FLIGHT, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      requests.interrupt();
      room.acquire(IN_FLIGHT);
    }
    return new Summary(scheduled.get(), lag.getValueAtPercentile(99), lag.getMaxValue());
  }

  private void pace() {
    Instant origin = clock.instant();
    long began = System.nanoTime();
    while (!stopped) {
      long offset = schedule.next();
      long wait = began + offset - System.nanoTime();
      while (wait > 0 && !stopped) {
        LockSupport.parkNanos(wait);
        wait = began + offset - System.nanoTime();
      }
      if (!stopped) {
        lag.recordValue(Math.min(LONGEST_LAG_MILLIS, Math.max(0, -wait / 1_000_000)));
        send(prefix + "-" + scheduled.incrementAndGet(), origin.plusNanos(offset));
      }
    }
  }

  private void send(String id, Instant intended) {
    recent.started(intended);
    if (!room.tryAcquire()) {
      finished(notSent(id, intended));
      return;
    }
    requests.start(() -> {
      try {
        finished(client.send(id, intended));
      } finally {
        room.release();
      }
    });
  }

  private void finished(Request row) {
    recent.finished(row);
    ledger.accept(row);
  }

  private static Request notSent(String id, Instant intended) {
    return new Request(
        id,
        true,
        intended,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        0,
        List.of(),
        1,
        0,
        0,
        Outcome.NOT_SENT,
        "more than " + IN_FLIGHT + " requests at once");
  }
}
