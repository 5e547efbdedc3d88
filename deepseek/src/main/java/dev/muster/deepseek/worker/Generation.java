package dev.muster.deepseek.worker;

import java.time.Duration;

/**
 * One request inside the engine. The engine produces, one other thread consumes; the text of the
 * tokens follows from their numbers, so that only a count passes between them and a slow reader
 * costs no memory.
 */
final class Generation {
  private final int promptTokens;
  private final int total;
  private final long submitted = System.nanoTime();
  private double prefillLeft;
  private long admitted;
  private long first;
  private long last;
  private int produced;
  private boolean cancelled;

  /**
   * @param total tokens to produce, at least 1
   */
  Generation(int promptTokens, int total) {
    this.promptTokens = promptTokens;
    this.total = total;
    this.prefillLeft = promptTokens;
  }

  int promptTokens() {
    return promptTokens;
  }

  int total() {
    return total;
  }

  /**
   * Waits for more tokens than were seen.
   *
   * @return tokens produced so far; not more than seen if the time ran out
   */
  synchronized int await(int seen, Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (produced <= seen) {
      var left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return produced;
  }

  /** Nobody wants the rest; the engine drops it at its next step. */
  synchronized void cancel() {
    cancelled = true;
  }

  synchronized boolean cancelled() {
    return cancelled;
  }

  synchronized boolean finished() {
    return produced >= total;
  }

  /** Engine only: it has a place in the batch from now on. */
  synchronized void admit() {
    admitted = System.nanoTime();
  }

  /**
   * Engine only: prefills with what is left of the step's budget.
   *
   * @return what remains of the budget
   */
  synchronized double prefill(double budget) {
    var used = Math.min(budget, prefillLeft);
    prefillLeft -= used;
    return budget - used;
  }

  /** Engine only: one more token, unless the prompt is still being read. */
  synchronized boolean step() {
    if (prefillLeft > 0) {
      return false;
    }
    last = System.nanoTime();
    if (produced++ == 0) {
      first = last;
    }
    notifyAll();
    return true;
  }

  synchronized int produced() {
    return produced;
  }

  /** Seconds it waited for a place in the batch. */
  synchronized double queueSeconds() {
    return (admitted - submitted) / 1e9;
  }

  synchronized double prefillSeconds() {
    return (first - admitted) / 1e9;
  }

  synchronized double decodeSeconds() {
    return (last - first) / 1e9;
  }

  synchronized double firstTokenSeconds() {
    return (first - submitted) / 1e9;
  }

  synchronized double totalSeconds() {
    return (last - submitted) / 1e9;
  }
}
