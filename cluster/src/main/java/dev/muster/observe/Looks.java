package dev.muster.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at something again and again on a thread of its own, where no watch exists. A look that
 * fails is not the end: the next one may not.
 */
final class Looks implements AutoCloseable {
  private final Duration apart;
  private final InstantSource clock;
  private final Look look;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable Instant before;

  interface Look {
    /**
     * @param since the look before began then: what is seen now and was not there happened later
     * @throws ObservationException if nothing can be seen
     */
    void at(Instant since);
  }

  Looks(String name, Duration apart, InstantSource clock, Look look) {
    this.apart = apart;
    this.clock = clock;
    this.look = look;
    thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  void begin() {
    thread.start();
  }

  private void run() {
    do {
      try {
        now();
      } catch (ObservationException e) {
        // the last look, at the end of the run, tells what can not be seen
      }
    } while (!passed(apart));
  }

  /** One look more, besides those of the thread. */
  synchronized void now() {
    var begin = clock.instant();
    look.at(before == null ? begin : before);
    before = begin;
  }

  /** True when closed meanwhile. */
  boolean passed(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** No more looks of the thread; a running one ends first. */
  @Override
  public void close() {
    closed.countDown();
    if (thread.getState() != Thread.State.NEW) {
      try {
        thread.join(Duration.ofSeconds(15));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
