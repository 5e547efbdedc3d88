package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way of a pod's log into the log store, with everything on it going away in between. */
@Tag("lab")
@Order(5)
class LogsTest {
  private static final int LINES = 500;
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path home;
  private static Muster muster;

  @BeforeAll
  static void up() throws Exception {
    muster = new Muster(home);
    ok("lab", "up", "--name", "logs", "--nodes", "2", "--monitoring");
    var values = "{enabled: false}";
    Path only =
        Files.writeString(
            home.resolve("values.yaml"),
            """
            prometheus: %1$s
            alertmanager: %1$s
            receiver: %1$s
            kubeStateMetrics: %1$s
            nodeExporter: %1$s
            dashboards: %1$s
            """
                .formatted(values));
    lab()
        .helm(
            "install",
            "monitoring",
            muster.dist().resolve("charts/monitoring").toString(),
            "--namespace=monitoring",
            "--create-namespace",
            "--values=" + only,
            "--wait",
            "--timeout=2m");
  }

  @AfterAll
  static void down() {
    ok("lab", "down", "--name", "logs");
  }

  @Test
  void everyLineArrivesOnceWhateverGoesAwayInBetween() throws Exception {
    store(0);
    Path writer = Files.writeString(home.resolve("writer.yaml"), writer());
    kubectl("apply", "-f", writer.toString());
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> kubectl("logs", "writer").lines().count() > LINES);
    newShippers();
    store(1);
    await().atMost(SOON).untilAsserted(() -> assertThat(count("request_id:w*")).isEqualTo(LINES));

    // a second time from the beginning; the last line says that it got to the end
    newShippers();
    kubectl("exec", "writer", "--", "/busybox", "sh", "-c", "echo the end > /proc/1/fd/1");
    await().atMost(SOON).untilAsserted(() -> assertThat(count("message:\"the end\"")).isEqualTo(1));
    assertThat(count("request_id:w*")).isEqualTo(LINES);
    assertThat(count("pod:writer")).isEqualTo(LINES + 2);

    JsonNode line = search("request_id:w7 AND status:[200 TO 299] AND level:INFO");
    assertThat(line.path("component").asString()).isEqualTo("writer");
    assertThat(line.path("node").asString()).isEqualTo("node-1");
    assertThat(line.path("namespace").asString()).isEqualTo("default");
    assertThat(line.path("container").asString()).isEqualTo("main");
    assertThat(line.path("@timestamp").asString()).isEqualTo("2026-01-01T00:00:00Z");
    JsonNode text = search("message:\"not json\"");
    assertThat(text.path("message").asString()).isEqualTo("\"not\" json: \\");
    assertThat(text.path("iostream").asString()).isEqualTo("stderr");
  }

  private static void store(int replicas) throws Exception {
    kubectl("-n", "monitoring", "scale", "deployment/opensearch", "--replicas=" + replicas);
    kubectl("-n", "monitoring", "rollout", "status", "deployment/opensearch", "--timeout=60s");
    if (replicas == 0) {
      kubectl(
          "-n",
          "monitoring",
          "wait",
          "--for=delete",
          "pod",
          "--selector=app.kubernetes.io/component=opensearch",
          "--timeout=60s");
    }
  }

  private static void newShippers() throws Exception {
    kubectl(
        "-n",
        "monitoring",
        "delete",
        "pod",
        "--selector=app.kubernetes.io/component=shipper",
        "--grace-period=0",
        "--force");
    kubectl("-n", "monitoring", "rollout", "status", "daemonset/shipper", "--timeout=60s");
  }

  private static int count(String query) throws Exception {
    return ask("_count", query).path("count").asInt();
  }

  /** The only document that the query finds. */
  private static JsonNode search(String query) throws Exception {
    JsonNode hits = ask("_search", query).path("hits").path("hits");
    assertThat(hits.size()).as(query).isEqualTo(1);
    return hits.get(0).path("_source");
  }

  private static JsonNode ask(String what, String query) throws Exception {
    return new JsonMapper()
        .readTree(
            kubectl(
                "get",
                "--raw",
                "/api/v1/namespaces/monitoring/services/opensearch:9200/proxy/logs-*/%s?q=%s"
                    .formatted(what, URLEncoder.encode(query, StandardCharsets.UTF_8))));
  }

  private static void ok(String... arguments) {
    Muster.Ended ended = muster.run(Duration.ofMinutes(3), arguments);
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
  }

  private static String kubectl(String... arguments) {
    return lab().kubectl(arguments);
  }

  private static LabFolder lab() {
    return new LabFolder(home.resolve("labs/logs"));
  }

  private static String writer() {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: writer}
    spec:
      nodeName: node-1
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: muster.dev/pause:1
        imagePullPolicy: Never
        command:
        - /busybox
        - sh
        - -c
        - |
          i=0
          while [ $i -lt %d ]; do
            echo '{"@timestamp":"2026-01-01T00:00:00Z","level":"INFO","component":"writer","message":"line","request_id":"w'$i'","status":200}'
            i=$((i + 1))
          done
          echo '"not" json: \\' >&2
          exec /busybox sleep 1d
    """
        .formatted(LINES);
  }
}
