package dev.muster.load;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The last minute of the load, for the console and for abort rules. Safe for several threads. */
public final class Recent {
  private static final Duration KEPT = Duration.ofMinutes(2);
  private static final Duration SHOWN = Duration.ofSeconds(5);
  private static final long LONGEST_MILLIS = 600_000;

  private record Ended(Instant at, boolean good, long ttftMillis) {}

  private final InstantSource clock;
  private final Deque<Ended> ended = new ArrayDeque<>();
  private long started;
  private long finished;
  private long lost;

  Recent(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void started(Instant intended) {
    started++;
  }

  synchronized void finished(Request row) {
    finished++;
    lost += row.outcome().lost() ? 1 : 0;
    if (row.outcome() == Outcome.NOT_SENT) {
      return;
    }
    Instant token =
        row.firstReasoningToken() != null ? row.firstReasoningToken() : row.firstAnswerToken();
    long ttft = token == null ? -1 : Duration.between(row.intended(), token).toMillis();
    ended.addLast(new Ended(clock.instant(), row.outcome().good(), ttft));
    Instant old = clock.instant().minus(KEPT);
    while (!ended.isEmpty() && ended.peekFirst().at().isBefore(old)) {
      ended.removeFirst();
    }
  }

  /** Share that ended badly in the last so long; NaN if none ended. */
  public synchronized double errorRatio(Duration last) {
    Instant from = clock.instant().minus(last);
    long all = ended.stream().filter(e -> e.at().isAfter(from)).count();
    long bad = ended.stream().filter(e -> e.at().isAfter(from) && !e.good()).count();
    return all == 0 ? Double.NaN : (double) bad / all;
  }

  /** Rate, success, p99 of the time to first token, active requests and losses, in one line. */
  public synchronized String line() {
    Instant from = clock.instant().minus(SHOWN);
    Histogram ttft = new Histogram(LONGEST_MILLIS, 2);
    long all = 0;
    long good = 0;
    for (Ended e : ended) {
      if (e.at().isAfter(from)) {
        all++;
        good += e.good() ? 1 : 0;
        if (e.ttftMillis() >= 0) {
          ttft.recordValue(Math.min(LONGEST_MILLIS, e.ttftMillis()));
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "%.1f/s ok %s p99 TTFT %s active %d lost %d",
        (double) all / SHOWN.toSeconds(),
        all == 0 ? "-" : String.format(Locale.ROOT, "%.0f%%", 100.0 * good / all),
        ttft.getTotalCount() == 0 ? "-" : ttft.getValueAtPercentile(99) + "ms",
        started - finished,
        lost);
  }
}
