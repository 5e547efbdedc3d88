package dev.muster.load;

import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * A running load, for the console and for abort rules, from its finished rows. Safe for use by
 * several threads.
 */
public final class Recent {
  /** How far back it can look. */
  static final Duration MEMORY = Duration.ofMinutes(5);

  /** What the line for a person tells of. */
  private static final Duration LINE = Duration.ofSeconds(5);

  private record Finished(Instant at, Request row) {}

  private final ArrayDeque<Finished> recent = new ArrayDeque<>();
  private final Histogram lagMicros = new Histogram(3);
  private final InstantSource clock;
  private long scheduled;
  private long finished;
  private long ok;
  private long lost;

  Recent(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void scheduled() {
    scheduled++;
  }

  synchronized void finished(Request row) {
    var now = clock.instant();
    finished++;
    lost += lost(row) ? 1 : 0;
    if (row.answered()) {
      ok++;
    }
    if (row.sent() != null) {
      long lag = Duration.between(row.intended(), row.sent()).toNanos() / 1000;
      lagMicros.recordValue(Math.max(0, lag));
    }
    recent.addLast(new Finished(now, row));
    while (recent.getFirst().at.isBefore(now.minus(MEMORY))) {
      recent.removeFirst();
    }
  }

  synchronized LoadStats stats(int active) {
    var now = clock.instant();
    var ttft = new Histogram(3);
    long failed = 0;
    for (var each : recent) {
      if (!each.row.answered() && each.at.isAfter(now.minusSeconds(5))) {
        failed++;
      }
      var first = each.row.firstToken();
      if (first != null && first.isAfter(now.minusSeconds(10))) {
        ttft.recordValue(Ttft.micros(each.row, first));
      }
    }
    return new LoadStats(
        scheduled, finished, ok, failed, active, ttft.getValueAtPercentile(99) / 1000.0);
  }

  /**
   * Share of the requests finished in the last so long (5 minutes at most) that did not end well;
   * NaN if none finished.
   */
  public synchronized double errorRatio(Duration last) {
    var now = clock.instant();
    long all = 0;
    long bad = 0;
    for (var each : recent) {
      if (each.at.isAfter(now.minus(last))) {
        all++;
        bad += each.row.answered() ? 0 : 1;
      }
    }
    return all == 0 ? Double.NaN : (double) bad / all;
  }

  /**
   * What most of the failures among the requests finished in the last so long (5 minutes at most)
   * have in common; empty if none failed.
   */
  public synchronized Optional<Failure> failure(Duration last) {
    var since = clock.instant().minus(last);
    return Failure.commonest(
        recent.stream().filter(each -> each.at.isAfter(since)).map(Finished::row).toList());
  }

  /**
   * Rate, success and losses of the same last seconds, which stand beside one another, losses of
   * all the time, p99 of the time to first token and active requests, in one line. What matters
   * most comes first, for a narrow terminal cuts the rest.
   */
  public synchronized String line() {
    var since = clock.instant().minus(LINE);
    var stats = stats((int) (scheduled - finished));
    var ended = recent.stream().filter(each -> each.at.isAfter(since)).map(Finished::row).toList();
    double ratio = errorRatio(LINE);
    return String.format(
        Locale.ROOT,
        "%.1f/s ok %s lost %d%s p99 TTFT %s active %d",
        (double) ended.size() / LINE.toSeconds(),
        Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * (1 - ratio)),
        ended.stream().filter(Recent::lost).count(),
        lost == 0 ? "" : String.format(Locale.ROOT, " in %ds (%d in all)", LINE.toSeconds(), lost),
        stats.ttftP99Millis() == 0 ? "-" : Math.round(stats.ttftP99Millis()) + "ms",
        stats.activeStreams());
  }

  private static boolean lost(Request row) {
    return row.lost() || row.unreachable();
  }

  synchronized LoadGenerator.Summary summary(long seed) {
    return new LoadGenerator.Summary(
        scheduled,
        lagMicros.getValueAtPercentile(99) / 1000.0,
        lagMicros.getMaxValue() / 1000.0,
        seed);
  }
}
