package dev.muster.deepseek.wire.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at everybody who waits, many times a second, so that a wait needs no timer of its own: a
 * socket's timeout costs a virtual thread two hand-offs to the JVM's timer for each read. Safe for
 * use by several threads.
 */
public final class Watchdog {
  private static final Duration LOOK = Duration.ofMillis(50);

  public static final Watchdog SHARED = new Watchdog();

  /** Somebody who may wait for too long. */
  public interface Watched {
    /** Ends the wait if it is too long; must not block. */
    void look(long nanos);
  }

  private final Set<Watched> all = ConcurrentHashMap.newKeySet();

  private Watchdog() {
    Thread.ofPlatform().daemon().name("watchdog").start(this::run);
  }

  public void add(Watched watched) {
    all.add(watched);
  }

  public void remove(Watched watched) {
    all.remove(watched);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        long now = System.nanoTime();
        all.forEach(watched -> watched.look(now));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
