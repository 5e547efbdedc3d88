package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.wire.ApiError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Requests that wait for a worker with room, in the order of their arrival. The line is bounded,
 * and who would not be served before his deadline is refused at once: a queue of requests whose
 * clients have left keeps a service down after its overload has passed.
 *
 * <p>Safe for use by several threads.
 */
public final class WaitingLine {
  /** A worker that said "full" does not tell when it has room again. */
  private static final long LOOK_EACH = Duration.ofMillis(50).toNanos();

  /** How many of the last requests served make the pace of the line. */
  private static final int PACE_OF = 32;

  private final Fleet fleet;
  private final int most;
  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Condition> line = new ArrayDeque<>();
  private double each; // nanoseconds between two that are served; 0 while unknown
  private long served;

  /**
   * @param most that wait at once
   */
  public WaitingLine(Fleet fleet, int most, LongSupplier nanos) {
    this.fleet = fleet;
    this.most = most;
    this.nanos = nanos;
    fleet.onRoom(this::room);
  }

  public int length() {
    lock.lock();
    try {
      return line.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a place at a worker.
   *
   * @param deadline in nanoseconds of the clock
   * @param urgent whether it is for the rest of an answer, which goes before all new ones
   * @return empty if no worker is left that was not tried
   * @throws ApiError if none has room before the deadline
   */
  public Optional<Seat> take(Set<String> tried, Demand demand, long deadline, boolean urgent) {
    lock.lock();
    try {
      if (urgent || line.isEmpty()) {
        var seat = fleet.take(tried, demand, urgent);
        if (seat.isPresent()) {
          return seat;
        }
      }
      if (!fleet.worthWaiting(tried)) {
        return Optional.empty();
      }
      // Who comes to an empty line waits whatever is expected, or the pace would not be seen again
      boolean late = !line.isEmpty() && nanos.getAsLong() + expected() - deadline > 0;
      if (!urgent && (line.size() >= most || late)) {
        throw ApiError.overloaded(retryAfter());
      }
      return await(tried, demand, deadline, urgent);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Seat> await(Set<String> tried, Demand demand, long deadline, boolean urgent) {
    var turn = lock.newCondition();
    if (line.isEmpty()) {
      served = nanos.getAsLong();
    }
    if (urgent) {
      line.addFirst(turn);
    } else {
      line.addLast(turn);
    }
    try {
      while (true) {
        var first = turn.equals(line.peekFirst());
        if (first) {
          var seat = fleet.take(tried, demand, urgent);
          if (seat.isPresent()) {
            serve();
          }
          if (seat.isPresent() || !fleet.worthWaiting(tried)) {
            return seat;
          }
        }
        var left = deadline - nanos.getAsLong();
        if (left <= 0) {
          throw ApiError.overloaded(retryAfter());
        }
        turn.awaitNanos(first ? Math.min(left, LOOK_EACH) : left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      line.remove(turn);
      callFirst();
    }
  }

  private void serve() {
    var now = nanos.getAsLong();
    var took = (double) (now - served);
    each = each == 0 ? took : each + (took - each) / PACE_OF;
    served = now;
  }

  /** Nanoseconds that one who comes now waits. */
  private long expected() {
    return (long) (each * (line.size() + 1));
  }

  private Duration retryAfter() {
    return Duration.ofNanos(expected());
  }

  private void room() {
    lock.lock();
    try {
      callFirst();
    } finally {
      lock.unlock();
    }
  }

  private void callFirst() {
    var first = line.peekFirst();
    if (first != null) {
      first.signal();
    }
  }
}
