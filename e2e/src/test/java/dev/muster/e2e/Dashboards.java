package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Grafana dashboards of charts/monitoring. */
final class Dashboards {
  private Dashboards() {}

  /** Expressions by file, panel and letter. */
  static Map<String, String> queries() throws Exception {
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

  static JsonNode dashboard(Path file) throws Exception {
    return new JsonMapper().readTree(Files.readString(file));
  }
}
