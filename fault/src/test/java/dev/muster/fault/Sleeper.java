package dev.muster.fault;

import java.time.Duration;

/** Waiting, as the test wants it. */
interface Sleeper {
  void of(Duration time) throws InterruptedException;
}
