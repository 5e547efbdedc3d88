package dev.muster.load.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How far the engine's clock is ahead of a pod's, by questions and answers. What a pod received was
 * sent before and what it answered came after, so each exchange bounds it from both sides; together
 * they bound it more closely, less what two clocks may drift apart meanwhile. Not safe for use by
 * several threads.
 */
final class PodClock {
  /** Twice what NTP takes for the worst of clocks, and of two of them. */
  private static final double DRIFT = 500e-6;

  private static final int KEPT = 240;

  /**
   * @param ahead added to a time of the pod it is one of the engine
   * @param uncertainty so much it may be off, either way
   */
  record Offset(Duration ahead, Duration uncertainty) {}

  /** Each held when its message left or came: the clocks drift apart from there on. */
  private record Bounds(Instant sent, long low, Instant came, long high) {}

  private final Deque<Bounds> kept = new ArrayDeque<>();
  private Duration stepped = Duration.ZERO;

  /**
   * @param sent on the engine's clock, like {@code came}
   * @param received on the pod's clock, like {@code answered}
   */
  void exchange(Instant sent, Instant received, Instant answered, Instant came) {
    kept.add(new Bounds(sent, nanos(received, sent), came, nanos(answered, came)));
    if (kept.size() > KEPT) {
      kept.remove();
    }
    long contradiction = low(came) - high(came);
    if (contradiction > 0) { // one of the clocks went on while its machine stood still
      var newest = kept.getLast();
      kept.clear();
      kept.add(newest);
      var by = Duration.ofNanos(contradiction);
      stepped = by.compareTo(stepped) > 0 ? by : stepped;
    }
  }

  boolean known() {
    return !kept.isEmpty();
  }

  /** How much it contradicted itself: a clock that was set or stood still. */
  Duration stepped() {
    return stepped;
  }

  /**
   * @param now on the engine's clock
   * @throws java.util.NoSuchElementException before the first exchange
   */
  Offset at(Instant now) {
    kept.getLast();
    long low = low(now);
    long high = high(now);
    return new Offset(Duration.ofNanos(low + (high - low) / 2), Duration.ofNanos((high - low) / 2));
  }

  private long low(Instant now) {
    return kept.stream().mapToLong(b -> b.low - drift(b.sent, now)).max().orElse(Long.MIN_VALUE);
  }

  private long high(Instant now) {
    return kept.stream().mapToLong(b -> b.high + drift(b.came, now)).min().orElse(Long.MAX_VALUE);
  }

  private static long drift(Instant since, Instant now) {
    return (long) (Math.abs(nanos(since, now)) * DRIFT);
  }

  private static long nanos(Instant from, Instant to) {
    return Duration.between(from, to).toNanos();
  }
}
