package dev.muster.load.stats;

import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A ledger as one point a second, for charts. Everything stands where it happened, so that no
 * effect is drawn before its cause: success and error at the request's end (NOT_SENT at its
 * intended time), time to first token where that token came.
 *
 * @param seconds the first one is that of the origin
 */
public record Series(List<Second> seconds) {

  /**
   * @param second from the origin
   * @param ttftP50Millis from intended time to first token; null if no first token came
   * @param ttftP99Millis the same
   * @param activeStreams requests that were sent and not ended at the end of the second
   */
  public record Second(
      int second,
      int success,
      int errors,
      @Nullable Double ttftP50Millis,
      @Nullable Double ttftP99Millis,
      int activeStreams) {}

  /** Longest series, in seconds: a wrong clock must not fill the memory. */
  static final int MAX_SECONDS = 7 * 24 * 3600;

  private static final class Bucket {
    int success;
    int errors;
    int opened;
    @Nullable Histogram ttft;
  }

  /** Rows of before the origin count in its second. */
  public static Series of(List<Request> ledger, Instant origin) {
    var growing = new Growing(origin);
    ledger.forEach(growing::add);
    return growing.series();
  }

  /** A series of rows that nobody keeps. Not safe for use by several threads. */
  public static final class Growing {
    private final Instant origin;
    private final List<Bucket> buckets = new ArrayList<>();

    public Growing(Instant origin) {
      this.origin = origin;
    }

    public void add(Request row) {
      var end = bucket(buckets, origin, Objects.requireNonNullElse(row.ended(), row.intended()));
      if (row.answered()) {
        end.success++;
      } else {
        end.errors++;
      }
      if (row.sent() != null && row.ended() != null) {
        bucket(buckets, origin, row.sent()).opened++;
        end.opened--;
      }
      var first = row.firstToken();
      if (first != null) {
        var bucket = bucket(buckets, origin, first);
        bucket.ttft = bucket.ttft == null ? new Histogram(3) : bucket.ttft;
        bucket.ttft.recordValue(Ttft.micros(row, first));
      }
    }

    public Series series() {
      return Series.of(buckets);
    }
  }

  private static Series of(List<Bucket> buckets) {
    var seconds = new ArrayList<Second>(buckets.size());
    int active = 0;
    for (int i = 0; i < buckets.size(); i++) {
      var bucket = buckets.get(i);
      active += bucket.opened;
      seconds.add(
          new Second(
              i,
              bucket.success,
              bucket.errors,
              percentile(bucket.ttft, 50),
              percentile(bucket.ttft, 99),
              active));
    }
    return new Series(List.copyOf(seconds));
  }

  private static Bucket bucket(List<Bucket> buckets, Instant origin, Instant at) {
    long second = Math.clamp(Duration.between(origin, at).toSeconds(), 0L, MAX_SECONDS - 1L);
    while (buckets.size() <= second) {
      buckets.add(new Bucket());
    }
    return buckets.get((int) second);
  }

  private static @Nullable Double percentile(@Nullable Histogram micros, double percent) {
    return micros == null ? null : micros.getValueAtPercentile(percent) / 1000.0;
  }
}
