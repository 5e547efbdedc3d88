package dev.muster.load.answer.text;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** When the pieces of an answer's text came. Not safe for use by several threads. */
public final class TokenTimes {
  private int pieces;
  private @Nullable Instant firstReasoning;
  private @Nullable Instant firstAnswer;
  private @Nullable Instant last;
  private long longestGapNanos;

  /** A piece with reasoning, with answer (a tool call is one), or with both. */
  public void add(boolean reasoning, boolean answer, Instant at) {
    pieces++;
    if (reasoning && firstReasoning == null) {
      firstReasoning = at;
    }
    if (answer && firstAnswer == null) {
      firstAnswer = at;
    }
    if (last != null) {
      longestGapNanos = Math.max(longestGapNanos, last.until(at, ChronoUnit.NANOS));
    }
    last = at;
  }

  public int pieces() {
    return pieces;
  }

  public @Nullable Instant firstReasoning() {
    return firstReasoning;
  }

  public @Nullable Instant firstAnswer() {
    return firstAnswer;
  }

  public @Nullable Instant last() {
    return last;
  }

  /** Longest silence between two pieces. */
  public long longestGapMillis() {
    return longestGapNanos / 1_000_000;
  }
}
