package dev.muster.deepseek.api.exchange;

import dev.muster.deepseek.api.upstream.Failure;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** Which workers one request has tried, and whether it may try another. One thread uses it. */
final class Retries {
  private static final Duration BUDGET_PAUSE = Duration.ofMillis(50);

  private final Exchange.Service service;
  private final Resumption resumption;
  private final Set<String> tried = new LinkedHashSet<>();
  private int inARow; // since the client got something
  private long waitUntil; // for a worker with room
  private boolean drained; // the last worker gave it away

  /**
   * @param begin of the request, on the clock of {@link System#nanoTime}
   */
  Retries(Exchange.Service service, Resumption resumption, long begin) {
    this.service = service;
    this.resumption = resumption;
    waitUntil = begin + service.config().queueTimeout().toNanos();
  }

  Set<String> tried() {
    return tried;
  }

  long waitUntil() {
    return waitUntil;
  }

  void tries(String worker) {
    tried.add(worker);
    inARow++;
  }

  /** Only this worker was tried since the client got something. */
  void afresh(String worker) {
    inARow = 1;
    tried.clear();
    tried.add(worker);
  }

  /** A full worker may be asked again once it has room, but nobody waits longer for it. */
  void failed(String worker, Failure reason) {
    drained = reason == Failure.DRAINED;
    if (reason == Failure.BUSY) {
      tried.remove(worker);
      inARow -= resumption.waiting() ? 1 : 0; // what was begun is worth more than a few refusals
    } else {
      waitUntil = System.nanoTime() + service.config().queueTimeout().toNanos();
    }
  }

  /**
   * Whether there may be another attempt; may wait for that.
   *
   * @param busy whether all workers so far were full
   */
  boolean allowed(boolean busy) {
    if (inARow >= service.config().maxAttempts() + (resumption.waiting() ? 1 : 0)) {
      return false;
    }
    if (drained) {
      return true; // no failure, and no more load than the worker had that gave it away
    }
    // That an answer loses its worker says nothing against it; that it does so again may
    boolean free = resumption.waiting() && inARow == 1 && resumption.made() == 0;
    while (!free && !service.budget().take()) {
      if (resumption.waiting() ? resumption.late() : busy || System.nanoTime() - waitUntil > 0) {
        service.metrics().budgetSpent();
        return false;
      }
      try {
        Thread.sleep(BUDGET_PAUSE); // what was begun, or has waited, is worth the wait
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    service.metrics().retried();
    return true;
  }
}
