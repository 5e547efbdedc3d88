package dev.muster.observe.metrics;

import dev.muster.drill.port.Observer;
import dev.muster.timeline.MeasuredSeries;
import dev.muster.timeline.file.SeriesFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The series that a report draws, asked of Prometheus at the end of the run and kept in its folder.
 * One that Prometheus does not have is left out: clusters are not all watched alike.
 */
public final class SeriesObserver implements Observer {
  /** Long runs get longer steps, so that a report stays small. */
  private static final int MOST_POINTS = 1000;

  private static final Duration STEP = Duration.ofSeconds(5);

  private final Prometheus prometheus;
  private final String namespace;
  private final Path runFolder;
  private final InstantSource clock;
  private @Nullable Instant began;

  /**
   * @param namespace of the drill's target
   */
  public SeriesObserver(
      Prometheus prometheus, String namespace, Path runFolder, InstantSource clock) {
    this.prometheus = prometheus;
    this.namespace = namespace;
    this.runFolder = runFolder;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "series";
  }

  @Override
  public void begin() {
    began = clock.instant();
  }

  @Override
  public void end() {
    Instant from = began;
    if (from == null) {
      return;
    }
    Instant to = clock.instant();
    Duration offset = AlertRecord.of(prometheus, clock).offset();
    Duration step = step(Duration.between(from, to));
    List<SeriesFile.Line> lines = new ArrayList<>();
    for (MeasuredSeries series : MeasuredSeries.ALL) {
      series
          .question(namespace)
          .ifPresent(question ->
              prometheus
                  .range(question, from.plus(offset), to.plus(offset), step)
                  .forEach(s -> lines.add(line(series.name(), s, offset))));
    }
    new SeriesFile(from, to, step, List.copyOf(lines)).add(runFolder);
  }

  /** A value that is no number has no place in a chart. */
  private static SeriesFile.Line line(String name, Prometheus.Samples samples, Duration offset) {
    return new SeriesFile.Line(
        name,
        samples.labels(),
        samples.points().stream()
            .filter(p -> Double.isFinite(p.value()))
            .map(p -> new SeriesFile.Point(p.at().minus(offset).toEpochMilli() / 1000.0, p.value()))
            .toList());
  }

  static Duration step(Duration run) {
    long steps = Math.ceilDiv(run.toSeconds(), STEP.toSeconds() * MOST_POINTS);
    return STEP.multipliedBy(Math.max(1, steps));
  }
}
