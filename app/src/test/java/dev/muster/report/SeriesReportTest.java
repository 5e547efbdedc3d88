package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Journal;
import dev.muster.timeline.SeriesFile;
import dev.muster.timeline.SeriesFile.Line;
import dev.muster.timeline.SeriesFile.Point;
import dev.muster.timeline.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the cluster measured and which alerts fired, in a report made of the folder alone. */
class SeriesReportTest {
  private static final Map<String, String> NODE = Map.of("node", "node-1");

  @TempDir Path folder;

  @Test
  void seriesAreDrawnUnderTheSameAxisInBothLanguages() throws IOException {
    measured();
    Reports.write(folder);
    assertThat(text("report.html"))
        .contains("What the cluster measured", "Nodes Ready", "Memory of each node, GiB")
        .contains("node-1, 45–125 s", "class=\"line l0\"")
        .doesNotContain("KV cache", "http://", "https://", "<script");
    assertThat(text("report.zh.html")).contains("集群测得的指标", "节点就绪", "触发的告警");
    assertThat(text("report.html").split("class=\"fault\"", -1)).hasSize(3); // a band in each
  }

  @Test
  void aRunThatNobodyMeasuredHasNoSuchSection() throws IOException {
    SyntheticRun.write(folder, "old");
    Reports.write(folder);
    assertThat(text("report.html")).doesNotContain("What the cluster measured", "<h2>Alerts</h2>");
    assertThat(text("report.zh.html")).doesNotContain("集群测得的指标");
    assertThat(json().get("alerts").isEmpty()).isTrue();
  }

  @Test
  void firingAndResolvingAreTheTimesThatPrometheusRecorded() throws IOException {
    measured();
    Reports.write(folder);
    JsonNode alert = json().get("alerts").get(0);
    assertThat(alert.get("name").asString()).isEqualTo("NodeNotReady");
    assertThat(alert.get("fired").asString()).isEqualTo("2026-01-01T00:01:12.500Z");
    assertThat(alert.get("firedSince").asDouble()).isEqualTo(62);
    assertThat(alert.get("resolved").asString()).isEqualTo("2026-01-01T00:02:17.500Z");
    assertThat(alert.get("told").asString()).isEqualTo("2026-01-01T00:01:15Z");
    assertThat(alert.get("expected").asBoolean()).isFalse();
    assertThat(text("report.html"))
        .contains("NodeNotReady<br>", "(not named in the drill)", "00:01:12.500", "00:02:17.500");
    assertThat(text("report.md")).contains("## Alerts", "00:01:12.500");
  }

  @Test
  void namesInLabelsAreNoMarkup() throws IOException {
    SyntheticRun.write(folder, "old");
    series(List.of(line("node_cpu", Map.of("node", "<script>alert(1)</script>"), t -> 1)));
    Reports.write(folder);
    assertThat(text("report.html")).contains("&lt;script&gt;").doesNotContain("<script>");
  }

  /** Node 1 is away from 55 s to 135 s of the run; Prometheus's clock is half a second ahead. */
  private void measured() throws IOException {
    SyntheticRun.write(folder, "old");
    series(
        List.of(
            line("node_ready", NODE, t -> t >= 55 && t < 135 ? 0 : 1),
            line("node_memory", NODE, t -> 1.5 * (1L << 30)),
            line("unknown_of_a_later_version", NODE, t -> 1)));
    try (Journal journal = Journal.open(folder)) {
      Stamp told = Stamp.seen(at(75), "muster-receiver", Duration.ZERO);
      journal.append(
          new Event.AlertNotified(told, "NodeNotReady", NODE, "firing", "muster", at(72), null));
      journal.append(new Event.AlertRecorded(recorded(72), "NodeNotReady", NODE, recorded(137)));
      journal.append(new Event.AlertsRead(Stamp.engine(at(140)), "prometheus", at(0), at(140)));
    }
  }

  private static Stamp recorded(long second) {
    return new Stamp(at(second), "prometheus", at(second).plusMillis(500), Duration.ZERO);
  }

  private void series(List<Line> lines) {
    new SeriesFile(at(0), at(140), Duration.ofSeconds(5), lines).write(folder);
  }

  private static Line line(String name, Map<String, String> labels, DoubleUnaryOperator value) {
    List<Point> points = new ArrayList<>();
    for (int t = 0; t <= 140; t += 5) {
      points.add(new Point(at(t).getEpochSecond(), value.applyAsDouble(t)));
    }
    return new Line(name, labels, points);
  }

  private static Instant at(long second) {
    return SyntheticRun.START.plusSeconds(second);
  }

  private JsonNode json() throws IOException {
    return new JsonMapper().readTree(text(Reports.JSON));
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }
}
