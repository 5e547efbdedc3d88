package dev.muster.load;

import dev.muster.load.stats.Failure;
import dev.muster.load.stats.Tally;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What became of a load, however long it lasts: counts and histograms, no rows. Safe for use by
 * several threads.
 */
public final class LoadTotals {
  private final EnumMap<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final Tally tally = new Tally();
  private final Histogram ttftMicros = new Histogram(3);
  private final Histogram totalMicros = new Histogram(3);
  private final Histogram gapMicros = new Histogram(3);
  private final Histogram sendLagMicros = new Histogram(3);
  private final Histogram feltMicros = new Histogram(3);
  private boolean retried;
  private long users;
  private long served;
  private long gone;
  private long retries;
  private long tokens;
  private @Nullable Instant first;
  private @Nullable Instant last;

  /** A time that a load measures of its requests. */
  public enum Quantity {
    /** From the intended time to the first token. */
    TTFT,
    /** From the intended time to the end of a whole answer. */
    TOTAL,
    /** The longest between two tokens of a whole answer. */
    GAP
  }

  /**
   * In milliseconds.
   *
   * @param count of what they are taken from; all are 0 where it is
   */
  public record Quantiles(long count, double p50, double p90, double p99, double max) {
    static Quantiles of(Histogram micros) {
      return new Quantiles(
          micros.getTotalCount(),
          micros.getValueAtPercentile(50) / 1000.0,
          micros.getValueAtPercentile(90) / 1000.0,
          micros.getValueAtPercentile(99) / 1000.0,
          micros.getMaxValue() / 1000.0);
    }
  }

  /**
   * What users have in the end, whose SDK asks again; without those of whom only the generator
   * tells.
   *
   * @param served have their answer
   * @param errorRatio of those who have none; null where nobody tells
   * @param lost have none, and the last attempt was lost
   * @param retries attempts after the first, of all
   * @param total from the first attempt's intended time to the answer's end
   */
  public record Users(
      long users,
      long served,
      @Nullable Double errorRatio,
      long lost,
      long retries,
      Quantiles total) {}

  /**
   * The account so far.
   *
   * @param seconds from the first intended time to the last end
   * @param judged requests that tell anything about the service
   * @param lost of these, accepted and not answered in full, or never got to the service
   * @param errorRatio of what tells anything about the service; null if nothing does
   * @param ttft from the intended time to the first token, whatever the end was
   * @param total from the intended time to the end, of answered requests
   * @param longestGap between two tokens of a stream, of answered requests
   * @param sendLag from the intended time to the first packet
   * @param failures what failed alike, the commonest first
   * @param felt with retries; null where there are none
   */
  public record Snapshot(
      long requests,
      Map<Outcome, Long> outcomes,
      double seconds,
      long judged,
      long lost,
      @Nullable Double errorRatio,
      long tokens,
      Quantiles ttft,
      Quantiles total,
      Quantiles longestGap,
      Quantiles sendLag,
      List<Failure> failures,
      @Nullable Users felt) {}

  public synchronized void add(Request row) {
    tally.add(row);
    outcomes.merge(row.outcome(), 1L, Long::sum);
    tokens += row.tokens();
    first = first == null || row.intended().isBefore(first) ? row.intended() : first;
    var end = row.ended();
    last = end != null && (last == null || end.isAfter(last)) ? end : last;
    record(ttftMicros, row, row.firstToken());
    record(sendLagMicros, row, row.sent());
    if (row.answered()) {
      record(totalMicros, row, end);
      if (!row.hasNoTokens()) {
        gapMicros.recordValue(row.longestGapMillis() * 1000);
      }
    }
  }

  /** What the user of a request has in the end, once all its attempts are over. */
  public synchronized void add(Retrying.Felt felt) {
    var row = felt.last();
    retried = true;
    retries += felt.retries();
    if (row.ofGenerator()) {
      return;
    }
    users++;
    if (row.answered()) {
      served++;
      record(feltMicros, row, row.ended());
    } else {
      gone += row.lost() || row.unreachable() ? 1 : 0;
    }
  }

  private static void record(Histogram micros, Request row, @Nullable Instant at) {
    if (at != null) {
      micros.recordValue(Math.max(0, Duration.between(row.intended(), at).toNanos() / 1000));
    }
  }

  public synchronized Snapshot told() {
    double ratio = tally.errorRatio();
    return new Snapshot(
        tally.ended(),
        Map.copyOf(outcomes),
        first == null || last == null ? 0 : Duration.between(first, last).toMillis() / 1000.0,
        tally.judged(),
        tally.lost(),
        Double.isNaN(ratio) ? null : ratio,
        tokens,
        Quantiles.of(ttftMicros),
        Quantiles.of(totalMicros),
        Quantiles.of(gapMicros),
        Quantiles.of(sendLagMicros),
        tally.failures(),
        retried ? users() : null);
  }

  private Users users() {
    return new Users(
        users,
        served,
        users == 0 ? null : (double) (users - served) / users,
        gone,
        retries,
        Quantiles.of(feltMicros));
  }

  /**
   * So many of the requests had it in no more milliseconds. One that was not answered waited longer
   * than anybody could say, for else a service that loses its slow answers would be a fast one; but
   * a gap is one of an answer.
   *
   * @param share above 0, up to 1
   * @return infinite where fewer were answered; NaN where nothing tells of it
   */
  public synchronized double millis(Quantity quantity, double share) {
    var micros =
        switch (quantity) {
          case TTFT -> ttftMicros;
          case TOTAL -> totalMicros;
          case GAP -> gapMicros;
        };
    long had = micros.getTotalCount();
    long all = of(quantity);
    long wanted = (long) Math.ceil(share * all);
    if (all == 0) {
      return Double.NaN;
    }
    return wanted > had
        ? Double.POSITIVE_INFINITY
        : micros.getValueAtPercentile(100.0 * wanted / had) / 1000.0;
  }

  /** Requests on which {@link #millis} rests. */
  public synchronized long of(Quantity quantity) {
    return switch (quantity) {
      case TTFT -> Math.max(tally.judged(), ttftMicros.getTotalCount());
      case TOTAL -> tally.judged();
      case GAP -> gapMicros.getTotalCount();
    };
  }
}
