package dev.muster.load.strain;

import dev.muster.load.http.Exchange;
import dev.muster.load.http.ExchangeFailure;
import dev.muster.load.http.Http1Client;
import dev.muster.load.http.Loop;
import dev.muster.load.http.Origin;
import dev.muster.load.http.RequestBytes;
import dev.muster.load.http.ResponseHead;
import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A stream of known timing that the load's own thread reads beside all others, over loopback. What
 * comes late of it is late by the generator's fault: by a pause of the process, a collection of
 * garbage, a machine that has no time for it.
 *
 * <p>An event is late by the time from when it was due until it was read. Safe for use by several
 * threads.
 */
public final class Canary implements Punctuality, AutoCloseable {
  /** So short a pause may go unseen; a busier stream would cost more than it tells. */
  static final Duration EVERY = Duration.ofMillis(100);

  /** As of a request that is sent late: it costs an interruption no more than that. */
  static final Duration LATE = Duration.ofMillis(500);

  /** What is held up by a pause has its effect a little after it. */
  private static final Duration AFTER = Duration.ofSeconds(1);

  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final CanarySource source;
  private final InstantSource clock;
  private final Histogram lagMicros = new Histogram(3);
  private final BySecond lags = new BySecond();
  private final List<Late> all = new ArrayList<>();
  private @Nullable Late open;
  private long read = -1;

  /**
   * @param loop the load's
   * @param clock the engine's
   * @throws IOException if nothing can be served on loopback
   */
  public Canary(Loop loop, InstantSource clock) throws IOException {
    this.clock = clock;
    source = new CanarySource(EVERY);
    var origin = new Origin("127.0.0.1", source.port(), null);
    new Http1Client(loop, origin, FOR_EVER, FOR_EVER, null)
        .send(RequestBytes.post("/", Map.of("host", origin.toString()), new byte[0]), new Reader());
  }

  private final class Reader implements Exchange.Listener {
    private final StringBuilder line = new StringBuilder();

    @Override
    public void sent() {}

    @Override
    public void head(ResponseHead head) {}

    @Override
    public void body(byte[] bytes, int offset, int length) {
      line.append(new String(bytes, offset, length, StandardCharsets.US_ASCII));
      for (int end; (end = line.indexOf("\n\n")) >= 0; line.delete(0, end + 2)) {
        seen(Long.parseLong(line.substring("data: ".length(), end)));
      }
    }

    // however it ends: what is not read any more is late from then on

    @Override
    public void whole() {}

    @Override
    public void broken(ExchangeFailure why, String words) {}
  }

  private synchronized void seen(long n) {
    read = n;
    var lag = Duration.ofNanos(Math.max(0, System.nanoTime() - source.due(n)));
    lagMicros.recordValue(lag.toNanos() / 1000);
    var now = clock.instant();
    lags.add(now.minus(lag), lag.toNanos() / 1e6);
    if (lag.compareTo(LATE) > 0) {
      open = until(now, lag);
    } else if (open != null) {
      all.add(open);
      open = null;
    }
  }

  /** The time in which it is late, when something is known to be so late now. */
  private Late until(Instant now, Duration lag) {
    var before = open;
    return before == null
        ? new Late(now.minus(lag), now, lag)
        : new Late(before.from(), now, lag.compareTo(before.lag()) > 0 ? lag : before.lag());
  }

  /** How long the next event has been due and was not read; negative if it is not due yet. */
  private Duration overdue() {
    return Duration.ofNanos(System.nanoTime() - source.due(read + 1));
  }

  /**
   * The times in which it was late so far, in their order. What is due and not read yet counts too,
   * so that a canary that is gone is late until now, and never a proof that all was in time.
   */
  public synchronized List<Late> late() {
    var late = new ArrayList<>(all);
    var overdue = overdue();
    if (overdue.compareTo(LATE) > 0) {
      late.add(until(clock.instant(), overdue));
    } else if (open != null) {
      late.add(open);
    }
    return late;
  }

  /** What is late now, and not read yet, counts too. */
  @Override
  public synchronized boolean lateAt(Instant failure) {
    return overdue().compareTo(LATE) > 0
        || (open != null && covers(open, failure))
        || all.stream().anyMatch(late -> covers(late, failure));
  }

  private static boolean covers(Late late, Instant failure) {
    return !failure.isBefore(late.from()) && !failure.isAfter(late.to().plus(AFTER));
  }

  /** In milliseconds, of all events read so far. */
  public synchronized double lagMillis(double percentile) {
    return lagMicros.getValueAtPercentile(percentile) / 1000.0;
  }

  /** Lags of all events read so far, to be added to those of other generators. */
  public synchronized LagHistogram lags() {
    return new LagHistogram(lagMicros.copy());
  }

  /** Events read so far. */
  public synchronized long events() {
    return lagMicros.getTotalCount();
  }

  /** Milliseconds by which the latest event of each second was read late. */
  public synchronized List<SeriesFile.Point> lagBySecond() {
    return lags.points();
  }

  @Override
  public void close() {
    source.close();
  }
}
