package dev.muster.load.stats;

import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;

/** Time to first token, from the intended time: waiting for a late generator counts too. */
final class Ttft {
  private Ttft() {}

  /** In microseconds, at least 0. */
  static long micros(Request row, Instant firstToken) {
    return Math.max(0, Duration.between(row.intended(), firstToken).toNanos() / 1000);
  }
}
