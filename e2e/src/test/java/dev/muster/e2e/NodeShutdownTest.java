package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The main drill with Kubernetes' own timing: one command, from nothing to a verdict. The lab stays
 * up for what watched the drill: its Prometheus is asked afterwards.
 */
@Tag("lab")
@Order(3)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NodeShutdownTest {
  @TempDir static Path home;
  private static Muster muster;
  private static Muster.Ended ended;
  private static JsonNode report;
  private static WatchedLab lab;

  @BeforeAll
  static void run() {
    muster = new Muster(home);
    ended =
        muster.measured(
            Duration.ofMinutes(8),
            "run",
            "drills/node-shutdown.yaml",
            "--keep-lab",
            "--lab",
            WatchedLab.NAME);
    report = muster.report();
    lab = new WatchedLab(home);
  }

  @AfterAll
  static void down() {
    muster.run(Duration.ofMinutes(2), "lab", "down", "--name", WatchedLab.NAME);
  }

  @Test
  @Order(1)
  void losingANodeIsSurvivedAndToldByTheReport() {
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    assertThat(report.get("verdict").asString()).isEqualToIgnoringCase("pass");
    Set<String> reached = new TreeSet<>();
    for (JsonNode milestone : report.get("milestones")) {
      reached.add(milestone.get("name").asString());
      assertThat(milestone.get("at").asString()).isNotBlank();
    }
    assertThat(reached)
        .contains(
            "POWER_OFF",
            "LAST_LEASE",
            "LOAD_BALANCER_REMOVED",
            "NODE_NOT_READY",
            "TAINT_NO_SCHEDULE",
            "TAINT_NO_EXECUTE",
            "POD_NOT_READY",
            "ENDPOINT_REMOVED",
            "POD_EVICTED",
            "REPLACEMENT_CREATED",
            "REPLACEMENT_SCHEDULED",
            "REPLACEMENT_STARTED",
            "MODEL_LOADED",
            "REPLACEMENT_READY",
            "ENDPOINT_ADDED",
            "FIRST_GOOD_TOKEN",
            "POWER_ON",
            "NODE_READY",
            "LOAD_BALANCER_ADDED",
            "LEFTOVERS_GONE");
    JsonNode requests = report.get("requests");
    long sum = 0;
    for (JsonNode outcome : requests.get("outcomes")) {
      sum += outcome.asLong();
    }
    assertThat(sum).isEqualTo(requests.get("scheduled").asLong()).isPositive();
    for (String file : new String[] {"report.html", "report.zh.html", "report.md", "junit.xml"}) {
      assertThat(muster.newestRun().resolve(file)).matches(Files::isRegularFile);
    }
    assertThat(ended.output()).contains(muster.newestRun().resolve("report.html").toString());
  }

  @Test
  @Order(2)
  void theAlertsTimesAreThoseOfPrometheusAndAlertmanagerThemselves() {
    JsonNode row =
        report
            .path("alerts")
            .valueStream()
            .filter(alert -> alert.path("name").asString().equals("NodeNotReady"))
            .findFirst()
            .orElseThrow(() -> new AssertionError(report.path("alerts")));
    Instant fired = Instant.parse(row.path("fired").asString());
    Instant resolved = Instant.parse(row.path("resolved").asString());
    String node = row.at("/labels/node").asString();

    // on a busy machine nodes get lost while the lab comes up, which is no business of the drill
    Instant started = Instant.parse(report.path("started").asString());
    List<Instant> samples =
        lab.query(
                "ALERTS{alertname=\"NodeNotReady\",alertstate=\"firing\",node=\"%s\"}[15m]"
                    .formatted(node))
            .getFirst()
            .path("values")
            .valueStream()
            .map(sample -> millis(sample.get(0)))
            .filter(at -> at.isAfter(started))
            .toList();
    assertThat(samples.getFirst()).isEqualTo(fired);
    Duration afterLast = Duration.between(samples.getLast(), resolved);
    assertThat(afterLast).as("the evaluation after the last").isEqualTo(Duration.ofSeconds(5));

    JsonNode firing = lab.notification("NodeNotReady", node, "firing");
    assertThat(millis(firing.at("/startsAt"))).isEqualTo(fired);
    JsonNode back = lab.notification("NodeNotReady", node, "resolved");
    assertThat(millis(back.at("/startsAt"))).isEqualTo(fired);
    assertThat(millis(back.at("/endsAt"))).isEqualTo(resolved);
    assertThat(muster.timeline())
        .as("its arrival")
        .anyMatch(l -> l.contains("\"AlertNotified\"") && l.contains("NodeNotReady"));
  }

  /** What a panel asks must have been there: at some moment of the drill it had a series. */
  @Test
  @Order(3)
  void everyPanelOfEveryDashboardShowsTheDrill() throws Exception {
    Instant from = Instant.parse(report.path("started").asString());
    Instant to = Instant.parse(report.path("ended").asString());
    Map<String, String> empty = new LinkedHashMap<>();
    for (Map.Entry<String, String> query : Dashboards.queries().entrySet()) {
      if (lab.range(query.getValue().replace("$namespace", "deepseek"), from, to).isEmpty()) {
        empty.put(query.getKey(), query.getValue());
      }
    }
    assertThat(empty).isEmpty();
    assertThat(lab.metrics()).containsAll(MonitoringChart.seenMetrics());
    assertThat(lab.announced()).containsAll(MonitoringChart.announcedMetrics());
  }

  @Test
  @Order(4)
  void noRuleFailsAndEveryTargetAnswers() {
    lab.everyTargetAnswers();
    lab.noRuleFails();
  }

  @Test
  @Order(5)
  void plantedDefectsAreFoundAndNamed() throws Exception {
    new PlantedDefects(muster, lab, home).areFoundAndNamed();
  }

  @Test
  @Order(6)
  void anAlertRoutedToNowhereFails() throws Exception {
    new AlertVerdicts(muster, home).routedToNowhereIsFail();
  }

  @Test
  @Order(7)
  void aStoppedAlertmanagerFails() throws Exception {
    new AlertVerdicts(muster, home).alertmanagerStoppedIsFail();
  }

  @Test
  @Order(8)
  void aStoppedPrometheusIsInconclusive() throws Exception {
    new AlertVerdicts(muster, home).prometheusStoppedIsInconclusive();
  }

  private static Instant millis(JsonNode time) {
    return (time.isNumber()
            ? Instant.ofEpochMilli(Math.round(time.asDouble() * 1000))
            : Instant.parse(time.asString()))
        .truncatedTo(ChronoUnit.MILLIS);
  }
}
