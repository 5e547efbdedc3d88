package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** charts/monitoring beside the reference service: what it sees, and whom it tells. */
@Tag("monitoring")
class MonitoringTest {
  private static final String LAB = "watched";
  private static final Set<String> JOBS =
      Set.of(
          "alertmanager",
          "apiserver",
          "cadvisor",
          "deepseek-api",
          "deepseek-worker",
          "envoy",
          "etcd",
          "haproxy",
          "kube-state-metrics",
          "kubelet",
          "node",
          "prometheus");

  @TempDir static Path home;
  private static Muster muster;
  private static LabFolder lab;

  @BeforeAll
  static void up() throws Exception {
    muster = new Muster(home);
    Muster.Ended up =
        muster.run(
            Duration.ofMinutes(3),
            "lab",
            "up",
            "--monitoring",
            "--name",
            LAB,
            "--set",
            "kube-controller-manager.node-monitor-grace-period=16s");
    assertThat(up.exit()).as(up.output()).isZero();
    lab = new LabFolder(home.resolve("labs").resolve(LAB));
    install("monitoring");
    install("deepseek");
  }

  @AfterAll
  static void down() {
    muster.run(Duration.ofMinutes(1), "lab", "down", "--name", LAB);
  }

  @Test
  void everyTargetAnswersALostNodeIsToldAndTakenBackAndEveryMetricIsThere() throws Exception {
    await("every target of every job")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          Set<String> jobs = new TreeSet<>();
          for (JsonNode target : prometheus("targets?state=active").at("/data/activeTargets")) {
            assertThat(target.path("health").asString()).as(target.toString()).isEqualTo("up");
            jobs.add(target.at("/labels/job").asString());
          }
          assertThat(jobs).isEqualTo(JOBS);
        });
    ask();
    await("no rule fails, and without a fault nothing fires")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          for (JsonNode group : prometheus("rules").at("/data/groups")) {
            for (JsonNode rule : group.path("rules")) {
              assertThat(rule.path("health").asString()).as(rule.toString()).isEqualTo("ok");
            }
          }
          assertThat(query("count(ALERTS{alertstate=\"firing\"})")).isEmpty();
        });

    power("off");
    await("the notification that the node is lost")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> notified("firing"));
    power("on");
    await("the notification that it is back")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> notified("resolved"));
    await("every metric that rules and dashboards are checked against")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          Set<String> names = new TreeSet<>();
          prometheus("label/__name__/values")
              .path("data")
              .forEach(name -> names.add(name.asString()));
          assertThat(names).containsAll(MonitoringChart.knownMetrics());
        });
  }

  private static void install(String chart) {
    lab.helm(
        "install",
        chart,
        MonitoringChart.FOLDER.resolveSibling(chart).toString(),
        "--namespace",
        chart,
        "--create-namespace",
        "--wait",
        "--timeout",
        "3m");
  }

  /** Some series begin with the first answer. */
  private static void ask() throws Exception {
    Path question =
        Files.writeString(
            home.resolve("question.json"),
            """
            {"model": "deepseek-v4-pro", "max_tokens": 20, "messages": [{"role": "user", "content": "hello"}]}
            """);
    lab.kubectl(
        "create",
        "--raw",
        "/api/v1/namespaces/deepseek/services/deepseek-api:8080/proxy/chat/completions",
        "-f",
        question.toString());
  }

  private static void power(String state) {
    Muster.Ended ended =
        muster.run(Duration.ofMinutes(1), "lab", "power", "--name", LAB, state, "node-1");
    assertThat(ended.exit()).as(ended.output()).isZero();
  }

  /** Whether a notification of NodeNotReady arrived, for that node and with that status. */
  private static boolean notified(String status) {
    return lab.kubectl("-n", "monitoring", "logs", "deployment/muster-receiver")
        .lines()
        .filter(line -> line.startsWith("{"))
        .map(line -> new JsonMapper().readTree(line))
        .filter(line -> line.path("event").asString("").equals("notified"))
        .flatMap(line -> line.path("alerts").valueStream())
        .anyMatch(alert ->
            alert.path("name").asString("").equals("NodeNotReady")
                && alert.at("/labels/node").asString("").equals("node-1")
                && alert.path("status").asString("").equals(status));
  }

  private static List<JsonNode> query(String expression) {
    List<JsonNode> result = new ArrayList<>();
    prometheus("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .at("/data/result")
        .forEach(result::add);
    return result;
  }

  /** As Muster asks: through the API server's proxy. */
  private static JsonNode prometheus(String question) {
    return new JsonMapper()
        .readTree(
            lab.kubectl(
                "get",
                "--raw",
                "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/" + question));
  }
}
