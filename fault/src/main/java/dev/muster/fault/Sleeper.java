package dev.muster.fault;

import java.time.Duration;

/** Waiting, injected so that tests need no time. */
public interface Sleeper {
  void of(Duration time) throws InterruptedException;
}
