package dev.muster.load;

import dev.muster.load.schedule.Schedule;
import dev.muster.load.schedule.Share;
import dev.muster.load.strain.Punctuality;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Open-loop load: every request starts at its intended time, whatever has become of those before
 * it; or a {@link #closed} loop of so many users, which is told as one. Rows are written by a
 * thread of their own, so that a slow disk delays neither requests nor the stamps of answers.
 *
 * <p>Assumes: {@link #start} is called once, and {@link #stop} after it.
 *
 * <p>Guarantees: when {@code stop} returns, every scheduled request was given to the ledger exactly
 * once, by one thread. Safe for use by several threads.
 */
public final class LoadGenerator {
  /** Requests in flight beyond which the next ones are recorded as NOT_SENT. */
  public static final int MAX_IN_FLIGHT = 20_000;

  /** How soon users who all wait for answers notice the end. */
  private static final Duration LOOK = Duration.ofMillis(100);

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

  private static final class Running {
    private final Instant intended;

    /** Comes after the request was handed over, and its row may come before. */
    private volatile ChatClient.@Nullable Sending sending;

    private Running(Instant intended) {
      this.intended = intended;
    }

    private void cut() {
      var handle = sending;
      if (handle != null) {
        handle.cut();
      }
    }
  }

  private final ChatClient client;
  private final @Nullable Schedule schedule;
  private final @Nullable Semaphore users;
  private final InstantSource clock;
  private final Punctuality punctuality;
  private final Consumer<Request> ledger;
  private final RequestIds ids;
  private final int maxInFlight;
  private final Semaphore room;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final ExecutorService writer;
  private final Recent recent;
  private final Thread pacer;
  private volatile boolean stopped;
  private volatile Share share = Share.WHOLE;
  private volatile @Nullable Instant origin;
  private volatile @Nullable RuntimeException ledgerFailure;

  /**
   * @param clock the engine's
   * @param punctuality tells at which moments a failed request tells nothing about the service
   * @param ledger gets each finished row
   * @param prefix of the request ids, unique to the run
   */
  public LoadGenerator(
      ChatClient client,
      Schedule schedule,
      InstantSource clock,
      Punctuality punctuality,
      Consumer<Request> ledger,
      String prefix) {
    this(client, schedule, null, clock, punctuality, ledger, prefix, MAX_IN_FLIGHT);
  }

  /**
   * A closed loop: each user sends its next request once the one before has ended, and every
   * request is due when it is sent. A slow service is asked for less, so that its figures are
   * better than what clients of an open loop would feel.
   *
   * @param users 1 to {@link #MAX_IN_FLIGHT}
   */
  public static LoadGenerator closed(
      ChatClient client,
      int users,
      InstantSource clock,
      Punctuality punctuality,
      Consumer<Request> ledger,
      String prefix) {
    return new LoadGenerator(
        client, null, new Semaphore(users), clock, punctuality, ledger, prefix, MAX_IN_FLIGHT);
  }

  LoadGenerator(
      ChatClient client,
      Schedule schedule,
      InstantSource clock,
      Punctuality punctuality,
      Consumer<Request> ledger,
      String prefix,
      int maxInFlight) {
    this(client, schedule, null, clock, punctuality, ledger, prefix, maxInFlight);
  }

  private LoadGenerator(
      ChatClient client,
      @Nullable Schedule schedule,
      @Nullable Semaphore users,
      InstantSource clock,
      Punctuality punctuality,
      Consumer<Request> ledger,
      String prefix,
      int maxInFlight) {
    this.client = client;
    this.schedule = schedule;
    this.users = users;
    this.clock = clock;
    this.punctuality = punctuality;
    this.ledger = ledger;
    this.ids = new RequestIds(prefix);
    this.maxInFlight = maxInFlight;
    recent = new Recent(clock);
    room = new Semaphore(maxInFlight);
    writer = Executors.newSingleThreadExecutor(daemon("load-ledger"));
    // a platform thread: it must not queue behind the requests for a carrier
    pacer = daemon("load-pacer").newThread(this::pace);
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name(name).factory();
  }

  /** Begins now. */
  public void start() {
    pacer.start();
  }

  /**
   * Begins at that moment of the generator's clock, and sends a share of the schedule. What was due
   * before this was called is sent late, and says so.
   */
  public void start(Instant from, Share mine) {
    origin = from;
    share = mine;
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
    interrupted |= !allEnded(grace);
    running.values().forEach(Running::cut);
    interrupted |= !allEnded(CUT_WITHIN);
    running.forEach(
        (id, each) -> ended(Row.notSent(id, each.intended, "stuck in the client, given up")));
    interrupted |= !allEnded(CUT_WITHIN); // a row that came at this moment is on its way
    interrupted |= !written();
    if (interrupted) {
      throw new InterruptedException("interrupted while the load was ending");
    }
    if (ledgerFailure != null) {
      throw ledgerFailure;
    }
    return recent.summary(schedule == null ? 0 : schedule.seed());
  }

  private void pace() {
    if (schedule != null) {
      pace(schedule);
    } else if (users != null) {
      pace(users);
    }
  }

  private void pace(Semaphore free) {
    long n = 0;
    try {
      while (!stopped) {
        if (free.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          launch(ids.of(n++), clock.instant());
        }
      }
    } catch (InterruptedException e) {
      // nobody but this class has the thread; it ends
    }
  }

  private void pace(Schedule schedule) {
    var offsets = schedule.offsetsNanos().iterator();
    var _ = offsets.hasNext();
    var _ = clock.instant();
    // two clocks, read at the same moment: all their classes are there already, or every request
    // would be told to be sent as much too late as it takes to load them
    var now = clock.instant();
    long began = System.nanoTime();
    var from = origin == null ? now : origin;
    began += Duration.between(now, from).toNanos();
    for (long n = 0; offsets.hasNext(); n++) {
      long offset = offsets.nextLong();
      if (!share.has(n)) {
        continue;
      }
      for (long left; (left = began + offset - System.nanoTime()) > 0; ) {
        if (stopped) {
          return;
        }
        LockSupport.parkNanos(left);
      }
      launch(ids.of(n), from.plusNanos(offset));
    }
  }

  private void launch(String id, Instant intended) {
    recent.scheduled();
    if (!room.tryAcquire()) {
      write(Row.notSent(id, intended, "the bound of " + maxInFlight + " in flight is reached"));
      return;
    }
    var mine = new Running(intended);
    running.put(id, mine);
    try {
      mine.sending = client.send(id, intended, this::ended);
    } catch (RuntimeException e) {
      ended(Row.notSent(id, intended, "the load's own client failed: " + e));
    }
  }

  /** Whoever takes a request off the running ones has its row written: so there is exactly one. */
  private void ended(Request row) {
    if (running.remove(row.id()) != null) {
      write(row);
      room.release();
      if (users != null) {
        users.release();
      }
    }
  }

  private void write(Request row) {
    writer.execute(() -> record(judged(row, punctuality)));
  }

  /** A client that was late cannot tell a service that did not answer from one that it missed. */
  static Request judged(Request row, Punctuality punctuality) {
    boolean silent =
        row.outcome() == Outcome.TIMED_OUT || row.outcome() == Outcome.CONNECTION_FAILED;
    var at = row.ended();
    return silent && at != null && punctuality.lateAt(at)
        ? row.ended(Outcome.GENERATOR_LATE, row.outcome() + ": " + row.detail())
        : row;
  }

  private void record(Request row) {
    recent.finished(row);
    try {
      ledger.accept(row);
    } catch (RuntimeException e) {
      ledgerFailure = e;
    }
  }

  /** Waits until nothing is in flight; false if this thread was interrupted. */
  private boolean allEnded(Duration atMost) {
    try {
      if (room.tryAcquire(maxInFlight, Math.max(0, atMost.toMillis()), TimeUnit.MILLISECONDS)) {
        room.release(maxInFlight);
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Waits until every row is in the ledger; false if this thread was interrupted. */
  private boolean written() {
    writer.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (writer.awaitTermination(1, TimeUnit.HOURS)) {
          return !interrupted;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
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
