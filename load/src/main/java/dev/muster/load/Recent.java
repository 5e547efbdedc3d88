package dev.muster.load;

import dev.muster.load.stats.Failure;
import dev.muster.load.stats.Tally;
import dev.muster.load.strain.BySecond;
import dev.muster.timeline.Request;
import dev.muster.timeline.file.SeriesFile;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * A running load, for the console and for abort rules: what ended, counted by the second. Safe for
 * use by several threads; whoever schedules waits for nobody.
 */
public final class Recent {
  /** How far back it can look. */
  static final Duration MEMORY = Duration.ofMinutes(5);

  /** What the line for a person tells of. */
  private static final Duration LINE = Duration.ofSeconds(5);

  private static final Duration TTFT = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final AtomicLong scheduled = new AtomicLong();
  private final TreeMap<Long, Tally> seconds = new TreeMap<>();
  private final Tally all = new Tally();
  private final Histogram lagMicros = new Histogram(3);
  private final BySecond lags = new BySecond();

  Recent(InstantSource clock) {
    this.clock = clock;
  }

  void scheduled() {
    scheduled.incrementAndGet();
  }

  /** So many in all, of whoever counts them elsewhere. */
  void scheduled(long all) {
    scheduled.set(all);
  }

  synchronized void finished(Request row) {
    all.add(row);
    long second = clock.instant().getEpochSecond();
    seconds.computeIfAbsent(second, _ -> new Tally()).add(row);
    seconds.headMap(second - MEMORY.toSeconds()).clear();
    if (row.sent() != null) {
      long lag = Duration.between(row.intended(), row.sent()).toNanos() / 1000;
      lagMicros.recordValue(Math.max(0, lag));
      lags.add(row.intended(), Math.max(0, lag) / 1000.0);
    }
  }

  /** So many seconds, of which the current one has only begun. */
  private synchronized Tally of(Duration last) {
    var tally = new Tally();
    seconds
        .tailMap(clock.instant().minus(last).getEpochSecond(), false)
        .values()
        .forEach(tally::add);
    return tally;
  }

  synchronized LoadStats stats(int active) {
    var last = of(LINE);
    return new LoadStats(
        scheduled.get(),
        all.ended(),
        all.ok(),
        last.ended() - last.ok(),
        active,
        of(TTFT).ttftP99Millis());
  }

  /**
   * Share of the requests finished in the last so long (whole seconds, 5 minutes at most) that did
   * not end well, without those that tell of the generator alone; NaN if none finished.
   */
  public double errorRatio(Duration last) {
    return of(last).errorRatio();
  }

  /**
   * What most of the failures among the requests finished in the last so long (5 minutes at most)
   * have in common; empty if none failed.
   */
  public Optional<Failure> failure(Duration last) {
    return of(last).commonest();
  }

  /**
   * Rate, success and losses of the same last seconds, which stand beside one another, losses of
   * all the time, p99 of the time to first token and active requests, in one line. What matters
   * most comes first, for a narrow terminal cuts the rest.
   */
  public synchronized String line() {
    var last = of(LINE);
    double ratio = last.errorRatio();
    double ttft = of(TTFT).ttftP99Millis();
    return String.format(
        Locale.ROOT,
        "%.1f/s ok %s lost %d%s p99 TTFT %s active %d",
        (double) last.ended() / LINE.toSeconds(),
        Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.0f%%", 100 * (1 - ratio)),
        last.lost(),
        all.lost() == 0
            ? ""
            : String.format(Locale.ROOT, " in %ds (%d in all)", LINE.toSeconds(), all.lost()),
        ttft == 0 ? "-" : Math.round(ttft) + "ms",
        // rows of pods come a moment before what is scheduled in them
        Math.max(0, scheduled.get() - all.ended()));
  }

  /** Milliseconds by which the latest request of each second was sent late. */
  public synchronized List<SeriesFile.Point> lagBySecond() {
    return lags.points();
  }

  synchronized LoadGenerator.Summary summary(long seed) {
    return new LoadGenerator.Summary(
        scheduled.get(),
        lagMicros.getValueAtPercentile(99) / 1000.0,
        lagMicros.getMaxValue() / 1000.0,
        seed);
  }
}
