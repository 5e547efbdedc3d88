package dev.muster.deepseek.worker;

import dev.muster.deepseek.prefill.Reading;
import dev.muster.deepseek.wire.ApiError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request inside the engine. The engine produces, one other thread consumes; the text of the
 * tokens follows from their numbers, so that only a count passes between them and a slow reader
 * costs no memory.
 */
final class Generation implements Reading {
  private final Prompt prompt;
  private final int total;
  private final long submitted;
  private int cached;
  private boolean received;
  private boolean begun;
  private long admitted;
  private long first;
  private long last;
  private int produced;
  private boolean cancelled;
  private @Nullable ApiError stopped;

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
  @Override
  public synchronized int cached() {
    return cached;
  }

  /**
   * Waits for more tokens than were seen.
   *
   * @return tokens produced so far; not more than seen if the time ran out
   */
  synchronized int await(int seen, Duration atMost) throws InterruptedException {
    var end = System.nanoTime() + atMost.toNanos();
    while (produced <= seen && stopped == null) {
      var left = end - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    return produced;
  }

  /** A prompt is read once the first token of an answer is there. */
  @Override
  public boolean read(Duration atMost) throws InterruptedException {
    return await(0, atMost) > 0;
  }

  @Override
  public synchronized boolean failed() {
    return stopped != null;
  }

  /** Nobody wants the rest; the engine drops it at its next step. */
  @Override
  public synchronized void cancel() {
    cancelled = true;
  }

  /** Nobody here goes on with it, and who asked for it is told why; the first reason counts. */
  synchronized void stop(ApiError why) {
    stopped = stopped == null ? why : stopped;
    notifyAll();
  }

  /** Why nobody here goes on with it; null as long as somebody does. */
  synchronized @Nullable ApiError stopped() {
    return stopped;
  }

  synchronized boolean cancelled() {
    return cancelled;
  }

  synchronized boolean finished() {
    return produced >= total;
  }

  /**
   * Its prompt was read elsewhere, and is handed over.
   *
   * @param cachedThere tokens of it that were not computed there
   */
  synchronized void receive(int cachedThere) {
    received = true;
    cached = cachedThere;
  }

  /**
   * Engine only: tokens of the prompt that were handed over. The last one is computed here, since
   * the first one of the answer follows from it. Whoever is preempted has lost them.
   */
  synchronized int received() {
    return received && !begun ? promptTokens() - 1 : 0;
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
    cached = received ? cached : found;
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
