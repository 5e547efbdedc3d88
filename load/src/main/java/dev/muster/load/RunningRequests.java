package dev.muster.load;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of the requests that run, so that the last of them can be ended. Safe for several
 * threads.
 */
final class RunningRequests {
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  void start(Runnable request) {
    Thread thread =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                request.run();
              } finally {
                running.remove(Thread.currentThread());
              }
            });
    running.add(thread);
    thread.start();
  }

  void interrupt() {
    running.forEach(Thread::interrupt);
  }
}
