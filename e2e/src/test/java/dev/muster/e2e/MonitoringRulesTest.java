package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules, and the configurations of Prometheus and Alertmanager. What their own programs say is
 * among the lab's tests, because those programs are built for the lab.
 */
class MonitoringRulesTest {
  @TempDir Path folder;

  @Test
  @Tag("lab")
  void theRulesDoWhatTheirTestsSay() throws Exception {
    promtool("test", "rules", MonitoringChart.files("tests", ".yaml"));
  }

  @Test
  @Tag("lab")
  void everyRuleIsAccepted() throws Exception {
    promtool("check", "rules", MonitoringChart.files("rules", ".yaml"));
  }

  @Test
  void everyAlertIsSeenFiringAndNotFiring() throws Exception {
    Set<String> firing = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    for (Path file : MonitoringChart.files("tests", ".yaml")) {
      for (JsonNode test : MonitoringChart.YAML.readTree(Files.readString(file)).path("tests")) {
        for (JsonNode look : test.path("alert_rule_test")) {
          (look.path("exp_alerts").isEmpty() ? silent : firing)
              .add(look.path("alertname").asString());
        }
      }
    }
    Set<String> alerts = new TreeSet<>();
    for (JsonNode rule : MonitoringChart.rules()) {
      if (rule.has("alert")) {
        alerts.add(rule.path("alert").asString());
        assertThat(rule.at("/labels/severity").asString())
            .as(rule.toString())
            .isIn("warning", "critical");
      }
    }
    assertThat(firing).isEqualTo(alerts);
    assertThat(silent).isEqualTo(alerts);
  }

  @Tag("lab")
  @Test
  void rulesAskOnlyForWhatARealDrillHas() throws Exception {
    Set<String> known = MonitoringChart.knownMetrics();
    for (JsonNode rule : MonitoringChart.rules()) {
      String expression = rule.path("expr").asString();
      assertThat(known).as(expression).containsAll(MonitoringChart.metrics(expression));
    }
  }

  @Test
  void namesOfMetricsAreFoundInAnyExpression() {
    assertThat(
            MonitoringChart.metrics(
                """
                sum by (node, pod) (rate(a:b_total{job="x{y}", z=~"up|down"}[1m] offset 5m)) / on (node) group_left (pod) c
                  and -d > 1e3 or 0.5 < bool vector(1) unless ALERTS{alertstate="firing"}
                """))
        .containsExactlyInAnyOrder("a:b_total", "c", "d", "ALERTS");
  }

  @Test
  @Tag("lab")
  void prometheusTakesItsConfiguration() throws Exception {
    MonitoringChart.accepts(
        "promtool",
        List.of(
            "check",
            "config",
            "--syntax-only",
            MonitoringChart.FOLDER.resolve("config/prometheus.yaml").toString()));
  }

  @Test
  @Tag("lab")
  void alertmanagerTakesItsConfigurationAndTheExamples() throws Exception {
    JsonNode values = yaml(MonitoringChart.FOLDER.resolve("values.yaml"));
    List<String> configurations = new ArrayList<>(List.of("check-config", write("own", values)));
    for (Path example : MonitoringChart.files("examples", ".yaml")) {
      ObjectNode both = (ObjectNode) values.deepCopy();
      lay(yaml(example), both);
      configurations.add(write(String.valueOf(example.getFileName()), both));
    }
    MonitoringChart.accepts("amtool", configurations);
  }

  private static JsonNode yaml(Path file) throws IOException {
    return MonitoringChart.YAML.readTree(Files.readString(file));
  }

  private String write(String name, JsonNode values) throws IOException {
    return Files.writeString(
            folder.resolve(name),
            MonitoringChart.YAML.writeValueAsString(values.at("/alertmanager/config")))
        .toString();
  }

  /** As Helm lays values over others: objects are merged, everything else is replaced. */
  private static void lay(JsonNode over, ObjectNode under) {
    over.properties()
        .forEach(e -> {
          if (e.getValue().isObject() && under.path(e.getKey()) instanceof ObjectNode inner) {
            lay(e.getValue(), inner);
          } else {
            under.set(e.getKey(), e.getValue());
          }
        });
  }

  private static void promtool(String verb, String what, List<Path> files) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(verb, what));
    files.forEach(file -> arguments.add(file.toString()));
    MonitoringChart.accepts("promtool", arguments);
  }
}
