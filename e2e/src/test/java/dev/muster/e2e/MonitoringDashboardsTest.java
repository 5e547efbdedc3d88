package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every query of the Grafana dashboards: it parses, and what it asks for exists. */
class MonitoringDashboardsTest {
  @TempDir Path folder;

  @Test
  @Tag("lab")
  void everyQueryParses() throws Exception {
    List<Map<String, String>> rules = new ArrayList<>();
    Dashboards.queries()
        .forEach((panel, expression) ->
            rules.add(Map.of("record", "panel:" + rules.size(), "expr", expression)));
    Path file =
        Files.writeString(
            folder.resolve("panels.yaml"),
            MonitoringChart.YAML.writeValueAsString(
                Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)))));
    MonitoringChart.accepts("promtool", List.of("check", "rules", file.toString()));
  }

  @Tag("lab")
  @Test
  void everyQueryAsksForWhatARealDrillHas() throws Exception {
    Set<String> known = MonitoringChart.knownMetrics();
    for (Map.Entry<String, String> query : Dashboards.queries().entrySet()) {
      assertThat(known)
          .as(query.getKey() + ": " + query.getValue())
          .containsAll(MonitoringChart.metrics(query.getValue()));
    }
  }

  @Test
  void dashboardsAndPanelsAreToldApartAndAnnotationsComeFromMuster() throws Exception {
    Set<String> ids = new HashSet<>();
    for (Path file : MonitoringChart.files("dashboards", ".json")) {
      JsonNode dashboard = Dashboards.dashboard(file);
      assertThat(ids.add(dashboard.path("uid").asString())).as(file.toString()).isTrue();
      assertThat(dashboard.path("title").asString()).startsWith("Muster: ");
      assertThat(dashboard.at("/annotations/list/0/target/tags/0").asString()).isEqualTo("muster");
      Set<Integer> panels = new HashSet<>();
      dashboard
          .path("panels")
          .forEach(panel -> assertThat(panels.add(panel.path("id").asInt())).isTrue());
    }
  }
}
