package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Time to first token, from the intended time: waiting for a late generator counts too. */
final class Ttft {
  private Ttft() {}

  /** When the first token came, reasoning or answer; null if none did. */
  static @Nullable Instant at(Request row) {
    return row.firstReasoningToken() != null ? row.firstReasoningToken() : row.firstAnswerToken();
  }

  /** In microseconds, at least 0. */
  static long micros(Request row, Instant firstToken) {
    return Math.max(0, Duration.between(row.intended(), firstToken).toNanos() / 1000);
  }
}
