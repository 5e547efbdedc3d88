package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the cluster measured and which alerts fired, in a report made of the folder alone. */
class SeriesReportTest {
  @TempDir Path folder;

  @Test
  void seriesAreDrawnUnderTheSameAxisInBothLanguages() throws IOException {
    MeasuredRun.write(folder);
    Reports.write(folder);
    assertThat(text("report.html"))
        .contains("What the cluster measured", "Nodes Ready", "Memory of each node, GiB")
        .contains("node-1, 45–125 s", "class=\"line c0\"", "class=\"line c1\"")
        .doesNotContain("KV cache", "http://", "https://", "<script");
    assertThat(text("report.zh.html")).contains("集群测得的指标", "节点就绪", "触发的告警");
    assertThat(text("report.html").split("class=\"fault\"", -1))
        .as("a band in each of four charts, and the legend's")
        .hasSize(1 + 4 + 1);
  }

  @Test
  void aRunThatNobodyMeasuredHasNoSuchSection() throws IOException {
    SyntheticRun.write(folder, "old");
    Reports.write(folder);
    assertThat(text("report.html")).doesNotContain("What the cluster measured", "id=\"alerts\"");
    assertThat(text("report.zh.html")).doesNotContain("集群测得的指标");
    assertThat(json().get("alerts").isEmpty()).isTrue();
  }

  @Test
  void firingAndResolvingAreTheTimesThatPrometheusRecorded() throws IOException {
    MeasuredRun.write(folder);
    Reports.write(folder);
    JsonNode alert = json().get("alerts").get(0);
    assertThat(alert.get("name").asString()).isEqualTo("NodeNotReady");
    assertThat(alert.get("fired").asString()).isEqualTo("2026-01-01T00:01:12.500Z");
    assertThat(alert.get("firedSince").asDouble()).isEqualTo(62);
    assertThat(alert.get("resolved").asString()).isEqualTo("2026-01-01T00:02:17.500Z");
    assertThat(alert.get("told").asString()).isEqualTo("2026-01-01T00:01:15Z");
    assertThat(alert.get("expected").asBoolean()).isFalse();
    assertThat(text("report.html"))
        .contains(
            "<b>NodeNotReady</b>", "(not named in the drill)", "00:01:12.500", "00:02:17.500");
    assertThat(text("report.md")).contains("## Alerts", "00:01:12.500");
  }

  @Test
  void namesInLabelsAreNoMarkup() throws IOException {
    SyntheticRun.write(folder, "old");
    MeasuredRun.series(
        folder,
        List.of(MeasuredRun.line("node_cpu", Map.of("node", "<script>alert(1)</script>"), t -> 1)));
    Reports.write(folder);
    assertThat(text("report.html")).contains("&lt;script&gt;").doesNotContain("<script>");
  }

  private JsonNode json() throws IOException {
    return new JsonMapper().readTree(text(Reports.JSON));
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }
}
