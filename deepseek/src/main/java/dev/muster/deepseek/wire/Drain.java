package dev.muster.deepseek.wire;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Ends a process gently on SIGTERM. */
public final class Drain {
  /** What ends gently. */
  public interface Drainable {
    /** Leaves the service, finishes running requests for at most this long, and stops. */
    void drain(Duration grace);
  }

  /** Parts of the time for an end: what runs may finish, then the rest is given away. */
  private static final int PARTS = 6;

  private static final int TO_FINISH = 4;
  private static final Duration LOOK = Duration.ofMillis(20);

  /** Gives away what runs, to whoever can go on with it. */
  public interface GiveAway {
    /**
     * @param within one after the other during this time, so that nobody gets all of it at once
     */
    void all(Duration within) throws InterruptedException;
  }

  private Drain() {}

  /**
   * Waits until nothing runs any more. What has not ended after two thirds of the time is given
   * away in the next sixth, and has the last one to get there.
   */
  public static void finish(Duration grace, IntSupplier running, GiveAway rest)
      throws InterruptedException {
    var part = grace.dividedBy(PARTS);
    var begin = System.nanoTime();
    if (!over(running, begin + part.toNanos() * TO_FINISH)) {
      rest.all(part);
      over(running, begin + grace.toNanos());
    }
  }

  private static boolean over(IntSupplier running, long until) throws InterruptedException {
    while (running.getAsInt() > 0) {
      if (System.nanoTime() - until >= 0) {
        return false;
      }
      Thread.sleep(LOOK);
    }
    return true;
  }

  /** Does something with each, evenly over that time. */
  public static <T> void evenly(Collection<T> all, Consumer<T> act, Duration within)
      throws InterruptedException {
    var each = List.copyOf(all);
    for (var one : each) {
      act.accept(one);
      Thread.sleep(within.dividedBy(each.size()));
    }
  }

  /** Returns never: the process ends with code 0 when it is drained. */
  public static void untilTerminated(Drainable service, Duration grace) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("drain")
                .unstarted(() -> {
                  service.drain(grace);
                  System.out.flush();
                  // SIGTERM is how a healthy pod ends; 143 would read as a failure
                  Runtime.getRuntime().halt(0);
                }));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
