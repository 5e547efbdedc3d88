package dev.muster.deepseek.worker;

import java.time.Duration;

/**
 * One request inside the engine. The engine produces, one other thread consumes; the text of the
 * tokens follows from their numbers, so that only a count passes between them and a slow reader
 * costs no memory.
 */
final class Generation {
  private final Prompt prompt;
  private final int total;
  private final long submitted;
  private int cached;
  private boolean begun;
  private long admitted;
  private long first;
  private long last;
  private int produced;
  private boolean cancelled;
  private boolean givenAway;

  /**
   * @param total tokens to produce
   * @param now by the engine's clock, as all times here
   */
  Generation(Prompt prompt, int total, long now) {
    this.prompt = prompt;
    this.total = total;
    submitted = now;
    if (total == 0) { // it took no time
      admitted = submitted;
      first = submitted;
      last = submitted;
    }
  }

  Prompt prompt() {
    return prompt;
  }

  int promptTokens() {
    return prompt.tokens();
  }

  int total() {
    return total;
  }

  /** Tokens of the prompt that were not computed, because another one began alike. */
  synchronized int cached() {
    return cached;
  }

  /**
   * Waits for more tokens than were seen.
   *
   * @return tokens produced so far; not more than seen if the time ran out
   */
  synchronized int await(int seen, Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (produced <= seen && !givenAway) {
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

  /** This worker stops; another one is to go on with it. */
  synchronized void giveAway() {
    givenAway = true;
    notifyAll();
  }

  synchronized boolean givenAway() {
    return givenAway;
  }

  synchronized boolean cancelled() {
    return cancelled;
  }

  synchronized boolean finished() {
    return produced >= total;
  }

  /**
   * Engine only: it has a place in the batch from now on. One that was preempted is admitted again,
   * which changes nothing of what is told about it.
   *
   * @return whether it was the first time
   */
  synchronized boolean admit(long now, int found) {
    if (begun) {
      return false;
    }
    begun = true;
    admitted = now;
    cached = found;
    return true;
  }

  /** Engine only: one more token. */
  synchronized void produce(long now) {
    last = now;
    if (produced++ == 0) {
      first = last;
    }
    notifyAll();
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
