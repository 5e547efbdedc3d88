package dev.muster.load;

import dev.muster.timeline.SeriesFile;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** The largest value of each second. Not safe for use by several threads. */
final class BySecond {
  private final TreeMap<Long, Double> largest = new TreeMap<>();

  void add(Instant at, double value) {
    largest.merge(at.getEpochSecond(), value, Math::max);
  }

  /** In their order; a second without a value has none. */
  List<SeriesFile.Point> points() {
    return largest.entrySet().stream()
        .map(each -> new SeriesFile.Point(each.getKey(), each.getValue()))
        .toList();
  }
}
