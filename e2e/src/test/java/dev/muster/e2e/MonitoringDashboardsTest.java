package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every query of the Grafana dashboards: it parses, and what it asks for exists. */
class MonitoringDashboardsTest {
  @TempDir Path folder;

  @Test
  @Tag("monitoring")
  void everyQueryParses() throws Exception {
    List<Map<String, String>> rules = new ArrayList<>();
    queries()
        .forEach((panel, expression) ->
            rules.add(Map.of("record", "panel:" + rules.size(), "expr", expression)));
    Path file =
        Files.writeString(
            folder.resolve("panels.yaml"),
            MonitoringChart.YAML.writeValueAsString(
                Map.of("groups", List.of(Map.of("name", "panels", "rules", rules)))));
    MonitoringChart.accepts("promtool", List.of("check", "rules", file.toString()));
  }

  @Tag("monitoring") // until tests/metrics.txt is written from a real drill
  @Test
  void everyQueryAsksForWhatARealDrillHas() throws Exception {
    Set<String> known = MonitoringChart.knownMetrics();
    for (Map.Entry<String, String> query : queries().entrySet()) {
      assertThat(known)
          .as(query.getKey() + ": " + query.getValue())
          .containsAll(MonitoringChart.metrics(query.getValue()));
    }
  }

  @Test
  void dashboardsAndPanelsAreToldApartAndAnnotationsComeFromMuster() throws Exception {
    Set<String> ids = new HashSet<>();
    for (Path file : MonitoringChart.files("dashboards", ".json")) {
      JsonNode dashboard = dashboard(file);
      assertThat(ids.add(dashboard.path("uid").asString())).as(file.toString()).isTrue();
      assertThat(dashboard.path("title").asString()).startsWith("Muster: ");
      assertThat(dashboard.at("/annotations/list/0/target/tags/0").asString()).isEqualTo("muster");
      Set<Integer> panels = new HashSet<>();
      dashboard
          .path("panels")
          .forEach(panel -> assertThat(panels.add(panel.path("id").asInt())).isTrue());
    }
  }

  /** Expressions by file, panel and letter. */
  private static Map<String, String> queries() throws Exception {
    Map<String, String> queries = new LinkedHashMap<>();
    for (Path file : MonitoringChart.files("dashboards", ".json")) {
      JsonNode dashboard = dashboard(file);
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          queries.put(
              file.getFileName()
                  + ", "
                  + panel.path("title").asString()
                  + ", "
                  + target.path("refId").asString(),
              target.path("expr").asString());
        }
      }
      for (JsonNode annotation : dashboard.at("/annotations/list")) {
        if (annotation.has("expr")) {
          queries.put(
              file.getFileName() + ", " + annotation.path("name").asString(),
              annotation.path("expr").asString());
        }
      }
    }
    assertThat(queries).isNotEmpty();
    return queries;
  }

  private static JsonNode dashboard(Path file) throws Exception {
    return new JsonMapper().readTree(Files.readString(file));
  }
}
