package dev.muster.load;

import dev.muster.load.strain.Punctuality;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.RetryId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Users whose SDK asks again. The row of a request is that of its first attempt, as ever, so that
 * the schedule knows nothing of retries; they are told beside it, and so is what the user has in
 * the end.
 */
public final class Retrying implements ChatClient, AutoCloseable {

  /**
   * What a user has in the end.
   *
   * @param last the row of the last attempt, with the intended time of the first
   * @param retries attempts after the first
   */
  public record Felt(Request last, int retries) {}

  private static final int MOST_OPEN = LoadGenerator.MAX_IN_FLIGHT;

  private static final Duration CUT_WITHIN = Duration.ofSeconds(5);

  private final Attempts client;
  private final int retries;
  private final InstantSource clock;
  private final Punctuality punctuality;
  private final Consumer<Request> later;
  private final Consumer<Felt> felt;
  private final SplittableRandom random;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load-retries").factory());
  private final Semaphore room = new Semaphore(MOST_OPEN);
  private final Set<User> open = new HashSet<>(); // the timer's alone
  private volatile boolean stopped;
  private volatile @Nullable RuntimeException failure;

  /**
   * @param retries after the first attempt, at most
   * @param punctuality tells at which moments a failed request tells nothing about the service
   * @param later gets the row of each attempt after the first, with an id of its own, from one
   *     thread, which it may block
   * @param felt gets what each user has, from any thread, once
   */
  public Retrying(
      Attempts client,
      int retries,
      long seed,
      InstantSource clock,
      Punctuality punctuality,
      Consumer<Request> later,
      Consumer<Felt> felt) {
    this.client = client;
    this.retries = retries;
    this.clock = clock;
    this.punctuality = punctuality;
    this.later = later;
    this.felt = felt;
    random = new SplittableRandom(seed);
  }

  @Override
  public Sending send(String id, Instant intended, Consumer<Request> ended) {
    return client.attempt(
        id,
        id,
        intended,
        (row, retryAfter) -> {
          ended.accept(row);
          var had = new Felt(row, 0);
          if (!stopped && again(had) && room.tryAcquire()) {
            var user = new User(id, intended, had);
            onTimer(() -> {
              open.add(user);
              user.next(retryAfter);
            });
          } else {
            tell(had);
          }
        });
  }

  /** One request, and all its attempts; those after the first are the timer's alone. */
  private final class User {
    private final String id;
    private final Instant intended;
    private @Nullable Sending sending; // null while the next attempt is waited for
    private Felt last;

    private User(String id, Instant intended, Felt first) {
      this.id = id;
      this.intended = intended;
      last = first;
    }

    private void next(@Nullable String retryAfter) {
      sending = null;
      if (stopped || !again(last)) {
        end();
        return;
      }
      var delay = Backoff.before(last.retries, retryAfter, clock.instant(), random.nextDouble());
      var _ = timer.schedule(guarded(this::attempt), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void attempt() {
      if (stopped) {
        return; // whoever stopped has ended it
      }
      int number = last.retries + 1;
      sending =
          client.attempt(
              id,
              new RetryId(id, number).toString(),
              intended,
              (row, retryAfter) -> onTimer(() -> ended(row, number, retryAfter)));
    }

    /** One that we cut off at the end tells nothing about the service. */
    private void ended(Request row, int number, @Nullable String retryAfter) {
      var told =
          stopped && row.outcome() == Outcome.TIMED_OUT
              ? row.ended(Outcome.GENERATOR_LATE, "cut off at the end of the load")
              : LoadGenerator.judged(row, punctuality);
      last = new Felt(told, number);
      try {
        later.accept(told);
      } finally {
        next(retryAfter);
      }
    }

    private void stop() {
      if (sending == null) {
        end();
      } else {
        sending.cut();
      }
    }

    private void end() {
      if (open.remove(this)) {
        tell(last);
        room.release();
      }
    }
  }

  private boolean again(Felt had) {
    return had.retries < retries && Backoff.again(had.last);
  }

  private void tell(Felt had) {
    felt.accept(new Felt(LoadGenerator.judged(had.last, punctuality), had.retries));
  }

  private void onTimer(Runnable task) {
    try {
      timer.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      // closed: nobody listens any more
    }
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        failure = e;
      }
    };
  }

  /**
   * Waits until every user has an answer or no retry left, and cuts off who has not by then.
   *
   * @throws InterruptedException if this thread was interrupted meanwhile
   * @throws RuntimeException what whoever is told of rows has thrown
   */
  public void finish(Duration atMost) throws InterruptedException {
    if (!allEnded(atMost)) {
      onTimer(() -> {
        stopped = true;
        List.copyOf(open).forEach(User::stop);
      });
      allEnded(CUT_WITHIN);
    }
    var thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  private boolean allEnded(Duration atMost) throws InterruptedException {
    boolean all = room.tryAcquire(MOST_OPEN, atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (all) {
      room.release(MOST_OPEN);
    }
    return all;
  }

  @Override
  public void close() {
    stopped = true;
    timer.shutdownNow();
  }
}
