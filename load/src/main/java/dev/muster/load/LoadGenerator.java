package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Open-loop load: every request starts at its intended time in a virtual thread of its own,
 * whatever has become of those before it.
 *
 * <p>Assumes: {@link #start} is called once, and {@link #stop} after it.
 *
 * <p>Guarantees: when {@code stop} returns, every scheduled request was given to the ledger exactly
 * once. The ledger is called from many threads, and must allow that. Safe for use by several
 * threads.
 */
public final class LoadGenerator {
  /** Requests in flight beyond which the next ones are recorded as NOT_SENT. */
  public static final int MAX_IN_FLIGHT = 10_000;

  /** How long a request that was cut off may take to notice, before it gets its row without it. */
  private static final Duration CUT_WITHIN = Duration.ofSeconds(5);

  /**
   * What the load was, and whether its generator can be trusted: a lag of the order of the
   * latencies measured makes a run invalid.
   *
   * @param scheduled requests, each of which has one row in the ledger
   * @param sendLagP99Millis from intended to sent
   */
  public record Summary(
      long scheduled, double sendLagP99Millis, double sendLagMaxMillis, long seed) {}

  private record Running(Instant intended, Thread thread) {}

  private final ChatClient client;
  private final Schedule schedule;
  private final InstantSource clock;
  private final Consumer<Request> ledger;
  private final RequestIds ids;
  private final int maxInFlight;
  private final Semaphore room;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final Recent recent;
  private final Thread pacer;
  private volatile boolean stopped;
  private volatile @Nullable RuntimeException ledgerFailure;

  /**
   * @param clock the engine's
   * @param ledger gets each finished row
   * @param prefix of the request ids, unique to the run
   */
  public LoadGenerator(
      ChatClient client,
      Schedule schedule,
      InstantSource clock,
      Consumer<Request> ledger,
      String prefix) {
    this(client, schedule, clock, ledger, prefix, MAX_IN_FLIGHT);
  }

  LoadGenerator(
      ChatClient client,
      Schedule schedule,
      InstantSource clock,
      Consumer<Request> ledger,
      String prefix,
      int maxInFlight) {
    this.client = client;
    this.schedule = schedule;
    this.clock = clock;
    this.ledger = ledger;
    this.ids = new RequestIds(prefix);
    this.maxInFlight = maxInFlight;
    recent = new Recent(clock);
    room = new Semaphore(maxInFlight);
    // a platform thread: it must not queue behind the requests for a carrier
    pacer = Thread.ofPlatform().daemon().name("load-pacer").unstarted(this::pace);
  }

  /** Begins now. */
  public void start() {
    pacer.start();
  }

  public LoadStats stats() {
    return recent.stats(running.size());
  }

  /** See {@link Recent#errorRatio}. */
  public double errorRatio(Duration last) {
    return recent.errorRatio(last);
  }

  public Recent recent() {
    return recent;
  }

  /**
   * Sends no new requests, gives the running ones so long, and cuts off the rest as TIMED_OUT: give
   * them the load's own timeout, or the service is blamed for the cut.
   *
   * @throws RuntimeException what the ledger threw, if it ever did: its rows are not all there
   * @throws InterruptedException if this thread was interrupted meanwhile; every row was written
   *     nevertheless
   */
  public Summary stop(Duration grace) throws InterruptedException {
    stopped = true;
    LockSupport.unpark(pacer);
    boolean interrupted = !join(pacer, Duration.ofSeconds(30));
    long deadline = System.nanoTime() + grace.toNanos();
    for (var each : running.values()) {
      interrupted |= !join(each.thread, Duration.ofNanos(deadline - System.nanoTime()));
    }
    running.values().forEach(each -> each.thread.interrupt());
    deadline = System.nanoTime() + CUT_WITHIN.toNanos();
    for (var each : running.values()) {
      interrupted |= !join(each.thread, Duration.ofNanos(deadline - System.nanoTime()));
    }
    running.forEach(
        (id, each) -> finish(Row.notSent(id, each.intended, "stuck in the client, given up")));
    if (interrupted) {
      throw new InterruptedException("interrupted while the load was ending");
    }
    if (ledgerFailure != null) {
      throw ledgerFailure;
    }
    return recent.summary(schedule.seed());
  }

  private void pace() {
    var origin = clock.instant();
    var offsets = schedule.offsetsNanos().iterator();
    long began = System.nanoTime();
    for (long n = 0; ; n++) {
      long offset = offsets.nextLong();
      for (long left; (left = began + offset - System.nanoTime()) > 0; ) {
        if (stopped) {
          return;
        }
        LockSupport.parkNanos(left);
      }
      launch(ids.of(n), origin.plusNanos(offset));
    }
  }

  private void launch(String id, Instant intended) {
    recent.scheduled();
    if (!room.tryAcquire()) {
      record(Row.notSent(id, intended, "the bound of " + maxInFlight + " in flight is reached"));
    } else {
      var thread = Thread.ofVirtual().name(id).unstarted(() -> finish(send(id, intended)));
      running.put(id, new Running(intended, thread));
      thread.start();
    }
  }

  private Request send(String id, Instant intended) {
    try {
      return client.send(id, intended);
    } catch (RuntimeException e) {
      return Row.notSent(id, intended, "the load's own client failed: " + e);
    } finally {
      Thread.interrupted(); // a cut ends the request, not the writing of its row
    }
  }

  /** Whoever takes a request off the running ones writes its row: so there is exactly one. */
  private void finish(Request row) {
    var mine = running.get(row.id());
    if (mine != null) {
      synchronized (mine) {
        if (running.containsKey(row.id())) {
          record(row);
          running.remove(row.id());
          room.release();
        }
      }
    }
  }

  private void record(Request row) {
    recent.finished(row);
    try {
      ledger.accept(row);
    } catch (RuntimeException e) {
      ledgerFailure = e;
    }
  }

  /** False if this thread was interrupted, which does not shorten the wait of later calls. */
  private static boolean join(Thread thread, Duration atMost) {
    try {
      if (atMost.isPositive()) {
        thread.join(atMost);
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
