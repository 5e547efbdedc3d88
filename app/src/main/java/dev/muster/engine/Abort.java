package dev.muster.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The wish to end a run early, from Ctrl-C, an abort rule or a failed write. The first reason
 * stays. Safe for use by several threads.
 */
public final class Abort {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final CountDownLatch asked = new CountDownLatch(1);

  public void request(String why) {
    reason.compareAndSet(null, why);
    asked.countDown();
  }

  public @Nullable String reason() {
    return reason.get();
  }

  /** Waits at most so long; true as soon as an abort is asked for. */
  boolean await(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }
}
