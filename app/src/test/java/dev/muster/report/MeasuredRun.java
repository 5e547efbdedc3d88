package dev.muster.report;

import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.SeriesFile;
import dev.muster.timeline.file.SeriesFile.Line;
import dev.muster.timeline.file.SeriesFile.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A {@link SyntheticRun} that Prometheus measured: node 1 is away from 55 s to 135 s of the run, an
 * alert fires meanwhile. Prometheus's clock is half a second ahead.
 */
final class MeasuredRun {
  private static final Map<String, String> NODE = Map.of("node", "node-1");

  private MeasuredRun() {}

  static Path write(Path folder) throws IOException {
    SyntheticRun.write(folder, "old");
    series(
        folder,
        List.of(
            line("node_ready", NODE, t -> t >= 55 && t < 135 ? 0 : 1),
            line("node_memory", NODE, t -> 1.5 * (1L << 30)),
            line("node_memory", Map.of("node", "node-2"), t -> (2 + t / 100) * (1L << 30)),
            line("unknown_of_a_later_version", NODE, t -> 1)));
    try (Journal journal = Journal.open(folder)) {
      Stamp told = Stamp.seen(at(75), "muster-receiver", Duration.ZERO);
      journal.append(
          new Event.AlertNotified(told, "NodeNotReady", NODE, "firing", "muster", at(72), null));
      journal.append(new Event.AlertRecorded(recorded(72), "NodeNotReady", NODE, recorded(137)));
      journal.append(new Event.AlertsRead(Stamp.engine(at(140)), "prometheus", at(0), at(140)));
    }
    return folder;
  }

  static void series(Path folder, List<Line> lines) {
    new SeriesFile(at(0), at(140), Duration.ofSeconds(5), lines).write(folder);
  }

  static Line line(String name, Map<String, String> labels, DoubleUnaryOperator value) {
    List<Point> points = new ArrayList<>();
    for (int t = 0; t <= 140; t += 5) {
      points.add(new Point(at(t).getEpochSecond(), value.applyAsDouble(t)));
    }
    return new Line(name, labels, points);
  }

  private static Stamp recorded(long second) {
    return new Stamp(at(second), "prometheus", at(second).plusMillis(500), Duration.ZERO);
  }

  private static Instant at(long second) {
    return SyntheticRun.START.plusSeconds(second);
  }
}
