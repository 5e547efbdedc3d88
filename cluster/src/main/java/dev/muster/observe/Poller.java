package dev.muster.observe;

import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at something again and again on a thread of its own, where no watch exists. A look that
 * fails is not the end: the next one may not. Where nothing could be seen for 15 s that is told,
 * for a look tells changes only, and so silence would be taken for none.
 */
public final class Poller implements AutoCloseable {
  /** Between two looks, unless there is a reason: what is seen is known to this. */
  public static final Duration APART = Duration.ofSeconds(2);

  private static final Duration BLIND = Duration.ofSeconds(15);

  private final String name;
  private final Duration apart;
  private final InstantSource clock;
  private final Consumer<Event> timeline;
  private final Poll poll;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable Instant before;
  private boolean blind;

  public interface Poll {
    /**
     * @param since the look before began then: what is seen now and was not there happened later
     * @throws ObservationException if nothing can be seen
     */
    void at(Instant since);
  }

  public Poller(
      String name, Duration apart, InstantSource clock, Consumer<Event> timeline, Poll poll) {
    this.name = name;
    this.apart = apart;
    this.clock = clock;
    this.timeline = timeline;
    this.poll = poll;
    thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  public void begin() {
    thread.start();
  }

  private void run() {
    Instant began = clock.instant();
    do {
      try {
        now();
      } catch (RuntimeException e) { // whatever it was: a thread that ended would see nothing more
        failed(began, String.valueOf(e.getMessage()));
      }
    } while (!passed(apart));
  }

  private synchronized void failed(Instant began, String why) {
    Instant now = clock.instant();
    Duration since = Duration.between(before == null ? began : before, now);
    if (!blind && since.compareTo(BLIND) > 0) {
      blind = true;
      timeline.accept(new Event.ObservationLost(Stamp.seen(now, name, since), name, why));
    }
  }

  /** One look more, besides those of the thread. */
  public synchronized void now() {
    var begin = clock.instant();
    poll.at(before == null ? begin : before);
    before = begin;
    if (blind) {
      blind = false;
      timeline.accept(new Event.ObservationResumed(Stamp.seen(begin, name, Duration.ZERO), name));
    }
  }

  /** True when closed meanwhile. */
  public boolean passed(Duration time) {
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
