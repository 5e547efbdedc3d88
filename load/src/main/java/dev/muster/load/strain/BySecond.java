package dev.muster.load.strain;

import dev.muster.timeline.file.SeriesFile;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** The largest value of each second. Not safe for use by several threads. */
public final class BySecond {
  private final TreeMap<Long, Double> largest = new TreeMap<>();

  public void add(Instant at, double value) {
    largest.merge(at.getEpochSecond(), value, Math::max);
  }

  /** In their order; a second without a value has none. */
  public List<SeriesFile.Point> points() {
    return largest.entrySet().stream()
        .map(each -> new SeriesFile.Point(each.getKey(), each.getValue()))
        .toList();
  }
}
