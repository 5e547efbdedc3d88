package dev.muster.deepseek.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Ends a process gently on SIGTERM. */
public final class Drain {
  /** What ends gently. */
  public interface Drainable {
    /** Leaves the service, finishes running requests for at most this long, and stops. */
    void drain(Duration grace);
  }

  private Drain() {}

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
