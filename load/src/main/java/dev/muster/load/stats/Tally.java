package dev.muster.load.stats;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What ended in some time, counted. Not safe for use by several threads. */
public final class Tally {
  private record Alike(Outcome outcome, int status) {}

  private final Map<Alike, Failure> failures = new HashMap<>();
  private @Nullable Histogram ttftMicros;
  private long ended;
  private long ok;
  private long lost;
  private long ofGenerator;

  public void add(Request row) {
    ended++;
    if (row.answered()) {
      ok++;
    } else {
      failed(new Failure(row.outcome(), row.httpStatus(), 1, 0, words(row)));
    }
    ofGenerator += row.ofGenerator() ? 1 : 0;
    lost += row.lost() || row.unreachable() ? 1 : 0;
    var first = row.firstToken();
    if (first != null) {
      if (ttftMicros == null) {
        ttftMicros = new Histogram(2);
      }
      ttftMicros.recordValue(Ttft.micros(row, first));
    }
  }

  public void add(Tally other) {
    ended += other.ended;
    ok += other.ok;
    lost += other.lost;
    ofGenerator += other.ofGenerator;
    other.failures.values().forEach(this::failed);
    if (other.ttftMicros != null) {
      if (ttftMicros == null) {
        ttftMicros = new Histogram(2);
      }
      ttftMicros.add(other.ttftMicros);
    }
  }

  private void failed(Failure failure) {
    failures.merge(
        new Alike(failure.outcome(), failure.status()),
        failure,
        (first, more) ->
            new Failure(
                first.outcome(), first.status(), first.count() + more.count(), 0, first.words()));
  }

  private static String words(Request row) {
    var detail = row.detail();
    return detail == null ? "" : detail;
  }

  public long ended() {
    return ended;
  }

  public long ok() {
    return ok;
  }

  public long lost() {
    return lost;
  }

  /**
   * Share of what did not end well of all that tells anything about the service; NaN if nothing
   * does.
   */
  public double errorRatio() {
    return judged() == 0 ? Double.NaN : (double) (judged() - ok) / judged();
  }

  /** What tells anything about the service. */
  public long judged() {
    return ended - ofGenerator;
  }

  /** 0 if no first token came. */
  public double ttftP99Millis() {
    return ttftMicros == null ? 0 : ttftMicros.getValueAtPercentile(99) / 1000.0;
  }

  /** What most failures have in common; empty if none failed. */
  public Optional<Failure> commonest() {
    return failures().stream().findFirst();
  }

  /** What failed alike, the commonest first. */
  public List<Failure> failures() {
    return failures.values().stream()
        .sorted(Comparator.comparingLong(Failure::count).reversed())
        .map(f -> new Failure(f.outcome(), f.status(), f.count(), ended, f.words()))
        .toList();
  }
}
