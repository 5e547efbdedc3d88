package dev.muster.report;

import dev.muster.load.stats.Series;
import dev.muster.timeline.file.SeriesFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Seconds since the fault, laid on the width of a chart. All charts of a report share it, so that
 * what stands below one another happened at the same time.
 *
 * @param before whole seconds that are shown before the fault
 * @param length whole seconds in all
 */
record TimeAxis(int before, int length) {
  static final int WIDTH = 1080;
  static final int LEFT = 64;
  static final int RIGHT = 24;

  private static final int SHORTEST = 10;

  /**
   * As long as the clients' time; as long as what was measured where there were none.
   *
   * @param series with {@link Chart#origin} as its origin
   */
  static TimeAxis of(ReportModel report, Series series, Optional<SeriesFile> measured) {
    int seconds = series.seconds().size();
    Instant fault = report.fault() == null ? null : report.fault().at();
    Instant load = report.loadStarted();
    if (load == null && measured.isPresent()) {
      SeriesFile file = measured.get();
      return new TimeAxis(
          fault == null ? 0 : wholeSeconds(file.from(), fault),
          Math.max(SHORTEST, wholeSeconds(file.from(), file.to())));
    }
    return new TimeAxis(
        fault == null || load == null ? 0 : wholeSeconds(load, fault), Math.max(SHORTEST, seconds));
  }

  static int wholeSeconds(Instant from, Instant to) {
    return (int) Math.max(0, Math.ceilDiv(Duration.between(from, to).toMillis(), 1000L));
  }

  double x(double sinceFault) {
    return LEFT + (sinceFault + before) / length * (WIDTH - LEFT - RIGHT);
  }

  /** The last second that is shown, since the fault. */
  int end() {
    return length - before;
  }

  boolean shows(double sinceFault) {
    return sinceFault >= -before && sinceFault <= end();
  }

  /** The axis itself, as SVG: its marks below {@code y}, and their seconds below them. */
  String svg(int y) {
    var svg = new StringBuilder();
    for (int t : ticks().toArray()) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n"
                  + "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>%n",
              x(t),
              x(t),
              y,
              y + 5,
              x(t),
              y + 19,
              t));
    }
    return svg.toString();
  }

  /** Seconds since the fault at which the axis has a mark. */
  private IntStream ticks() {
    int step =
        IntStream.of(5, 10, 15, 20, 30, 60, 120, 300, 600, 1800, 3600)
            .filter(s -> length / s <= 16)
            .findFirst()
            .orElse(7200);
    return IntStream.iterate(-(before / step) * step, t -> t <= end(), t -> t + step);
  }
}
