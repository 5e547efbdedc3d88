package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A drill whose load comes from three pods in the cluster. */
record LoadFromPods(Path home, Path kubeconfig, LabFolder lab, String url) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration DRILL = Duration.ofMinutes(8);
  private static final int PODS = 3;

  void allRowsComeHome() throws IOException {
    Muster muster = new Muster(home);
    Muster.Ended ended = muster.measured(DRILL, run());
    // three generators on the lab's own cores may be late, and then the run says so
    assertThat(ended.exit()).as(ended.endFirst()).isIn(0, 2);
    assertThat(Muster.finding(muster.report(), "load").get("status").asString())
        .as(ended.endFirst())
        .isEqualTo(ended.exit() == 0 ? "pass" : "inconclusive");
    assertThat(Muster.finding(muster.report(), "ledger").get("status").asString())
        .isEqualTo("pass");
    assertThat(Muster.finding(muster.report(), "loadPods").get("status").asString())
        .isEqualTo("pass");
    Map<Integer, Long> told = new TreeMap<>();
    muster.timeline().stream()
        .map(JSON::readTree)
        .filter(e -> e.path("type").asString().equals("LoadPodEnded"))
        .forEach(e -> told.put(e.get("part").asInt(), e.get("rows").asLong()));
    assertThat(told).as(ended.endFirst()).containsOnlyKeys(0, 1, 2);
    assertThat(told).isEqualTo(rowsByPart(muster));
    assertThat(lab.kubectl("get", "namespaces", "-o", "name")).doesNotContain("muster-");
  }

  void aPodThatIsLostIsNamedAndNeverAPass() throws Exception {
    Muster muster = new Muster(home);
    Process process = muster.start(run());
    await().atMost(Duration.ofMinutes(5)).until(() -> heard(muster, "\"baseline\""));
    String pod =
        lab.kubectl(
                "get",
                "pods",
                "-A",
                "-l",
                "muster.dev/agent=load",
                "-o",
                "jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name}{'\\n'}{end}")
            .lines()
            .findFirst()
            .orElseThrow();
    String[] name = pod.split(" ", 2);
    lab.kubectl("delete", "pod", "-n", name[0], name[1], "--wait=false");
    assertThat(process.waitFor(DRILL.toMinutes(), TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(muster.output()).isEqualTo(2);
    JsonNode finding = Muster.finding(muster.report(), "loadPods");
    assertThat(finding.get("status").asString()).isEqualTo("inconclusive");
    assertThat(finding.get("why").asString()).contains(name[1]);
    assertThat(Muster.finding(muster.report(), "ledger").get("status").asString())
        .as("what it should have sent is missed")
        .isEqualTo("inconclusive");
  }

  private String[] run() throws IOException {
    Files.createDirectories(home);
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/drills/load-pods.yaml"))) {
      String drill =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("${endpoint}", url);
      Path file = Files.writeString(home.resolve("load-pods.yaml"), drill);
      return new String[] {"run", file.toString(), "--kubeconfig", kubeconfig.toString()};
    }
  }

  private static boolean heard(Muster muster, String words) {
    return !muster.runs().isEmpty()
        && Files.exists(muster.newestRun().resolve("timeline.jsonl"))
        && muster.timeline().stream().anyMatch(line -> line.contains(words));
  }

  /** Request n is of part n modulo the pods. */
  private static Map<Integer, Long> rowsByPart(Muster muster) throws IOException {
    Map<Integer, Long> rows = new TreeMap<>();
    Path ledger = muster.newestRun().resolve("ledger.jsonl.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(ledger))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> JSON.readTree(line).get("id").asString())
          .map(id -> Long.parseLong(id.substring(id.lastIndexOf('-') + 1)))
          .forEach(n -> rows.merge((int) (n % PODS), 1L, Long::sum));
    }
    return rows;
  }
}
