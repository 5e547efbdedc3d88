package dev.muster.load;

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
public final class LoadAccount {
  private final EnumMap<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final Tally tally = new Tally();
  private final Histogram ttftMicros = new Histogram(3);
  private final Histogram totalMicros = new Histogram(3);
  private final Histogram gapMicros = new Histogram(3);
  private final Histogram sendLagMicros = new Histogram(3);
  private long tokens;
  private @Nullable Instant first;
  private @Nullable Instant last;

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
   * The account so far.
   *
   * @param seconds from the first intended time to the last end
   * @param errorRatio of what tells anything about the service; null if nothing does
   * @param ttft from the intended time to the first token, whatever the end was
   * @param total from the intended time to the end, of answered requests
   * @param longestGap between two tokens of a stream, of answered requests
   * @param sendLag from the intended time to the first packet
   * @param failures what failed alike, the commonest first
   */
  public record Told(
      long requests,
      Map<Outcome, Long> outcomes,
      double seconds,
      @Nullable Double errorRatio,
      long tokens,
      Quantiles ttft,
      Quantiles total,
      Quantiles longestGap,
      Quantiles sendLag,
      List<Failure> failures) {}

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
      gapMicros.recordValue(row.longestGapMillis() * 1000);
    }
  }

  private static void record(Histogram micros, Request row, @Nullable Instant at) {
    if (at != null) {
      micros.recordValue(Math.max(0, Duration.between(row.intended(), at).toNanos() / 1000));
    }
  }

  public synchronized Told told() {
    double ratio = tally.errorRatio();
    return new Told(
        tally.ended(),
        Map.copyOf(outcomes),
        first == null || last == null ? 0 : Duration.between(first, last).toMillis() / 1000.0,
        Double.isNaN(ratio) ? null : ratio,
        tokens,
        Quantiles.of(ttftMicros),
        Quantiles.of(totalMicros),
        Quantiles.of(gapMicros),
        Quantiles.of(sendLagMicros),
        tally.failures());
  }
}
