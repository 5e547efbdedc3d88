package dev.muster.deepseek.worker.profile;

import java.util.concurrent.locks.LockSupport;

/** The time of the modelled machine, in nanoseconds from any origin; a test has its own. */
public interface MachineClock {
  MachineClock SYSTEM =
      new MachineClock() {
        @Override
        public long now() {
          return System.nanoTime();
        }

        @Override
        public void sleepUntil(long due) throws InterruptedException {
          for (var left = due - now(); left > 0; left = due - now()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
              throw new InterruptedException();
            }
          }
        }
      };

  long now();

  /** Returns at once where it is due already, and later than due where the process stood still. */
  void sleepUntil(long due) throws InterruptedException;
}
