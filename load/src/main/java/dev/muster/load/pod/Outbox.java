package dev.muster.load.pod;

import dev.muster.timeline.Request;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * A pod's rows until they are home, each with its number. Beyond a bound the oldest go: whoever
 * fetches the rest sees by the numbers that there is a hole. Safe for use by several threads.
 */
final class Outbox {
  /** About 80 MB: 200 requests a second, fetched by nobody for 16 minutes. */
  static final int BOUND = 200_000;

  private final int bound;
  private final Queue<Request> rows = new ArrayDeque<>();
  private long first;

  Outbox(int bound) {
    this.bound = bound;
  }

  synchronized void add(Request row) {
    rows.add(row);
    if (rows.size() > bound) {
      rows.remove();
      first++;
    }
  }

  /** How many there ever were. */
  synchronized long count() {
    return first + rows.size();
  }

  /**
   * Rows in their order.
   *
   * @param first number of the first that is there
   */
  record Batch(long first, List<Request> rows) {}

  /** Those from a number on, and not more than so many; those before it are home, and go. */
  synchronized Batch from(long number, int most) {
    while (first < number && !rows.isEmpty()) {
      rows.remove();
      first++;
    }
    return new Batch(first, rows.stream().limit(most).toList());
  }
}
