package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A lab with charts/monitoring in it, whose programs are asked as Muster asks them. */
final class WatchedLab {
  static final String NAME = "watched";

  private static final Duration SOON = Duration.ofMinutes(1);
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

  private final LabFolder folder;

  WatchedLab(Path home) {
    this.folder = new LabFolder(home.resolve("labs").resolve(NAME));
  }

  String kubectl(String... arguments) {
    return folder.kubectl(arguments);
  }

  /** The series that an expression has now. */
  List<JsonNode> query(String expression) {
    return result("query?query=" + encoded(expression));
  }

  /** The series that an expression has between two moments, every 5 s. */
  List<JsonNode> range(String expression, Instant from, Instant to) {
    return result(
        "query_range?step=5&start=%s&end=%s&query=%s".formatted(from, to, encoded(expression)));
  }

  /** Names of all that was ever scraped or recorded. */
  Set<String> metrics() {
    Set<String> names = new TreeSet<>();
    prometheus("label/__name__/values").path("data").forEach(name -> names.add(name.asString()));
    return names;
  }

  /** Names of all that is announced, whether or not there are series of it now. */
  Set<String> announced() {
    return new TreeSet<>(prometheus("metadata").path("data").propertyNames());
  }

  void everyTargetAnswers() {
    await("every target of every job")
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          Set<String> jobs = new TreeSet<>();
          for (JsonNode target : prometheus("targets?state=active").at("/data/activeTargets")) {
            assertThat(target.path("health").asString()).as(target.toString()).isEqualTo("up");
            jobs.add(target.at("/labels/job").asString());
          }
          assertThat(jobs).isEqualTo(JOBS);
        });
  }

  void noRuleFails() {
    for (JsonNode group : prometheus("rules").at("/data/groups")) {
      for (JsonNode rule : group.path("rules")) {
        assertThat(rule.path("health").asString()).as(rule.toString()).isEqualTo("ok");
      }
    }
  }

  /** An alert of a node as the receiver was told of it first, with that status. */
  JsonNode notification(String alert, String node, String status) {
    String log = kubectl("-n", "monitoring", "logs", "deployment/muster-receiver");
    return log.lines()
        .filter(line -> line.startsWith("{"))
        .map(line -> new JsonMapper().readTree(line))
        .flatMap(line -> line.path("alerts").valueStream())
        .filter(told -> told.path("name").asString("").equals(alert))
        .filter(told -> told.at("/labels/node").asString("").equals(node))
        .filter(told -> told.path("status").asString("").equals(status))
        .findFirst()
        .orElseThrow(() -> new AssertionError(status + " " + alert + " of " + node + ":\n" + log));
  }

  private List<JsonNode> result(String question) {
    List<JsonNode> all = new ArrayList<>();
    prometheus(question).at("/data/result").forEach(all::add);
    return all;
  }

  /** Through the API server's proxy. */
  private JsonNode prometheus(String question) {
    return new JsonMapper()
        .readTree(
            kubectl(
                "get",
                "--raw",
                "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/" + question));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
