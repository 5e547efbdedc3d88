package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.file.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Whole drills of servers that are not ours: llama.cpp's alone and behind LiteLLM, its embeddings,
 * Python's own HTTP server. Only their kubeconfig and their URL are known.
 */
@Tag("lab")
@Order(7)
class ForeignServersTest {
  private static final String LAB = "servers";
  private static final Path FILES = Path.of("src/test/resources/servers");
  private static final String CHAT =
      "stream: true, prompt: {tokens: 20}, answer: {tokens: 16}, model: tiny, ";

  @TempDir static Path labHome;
  private static SharedLab lab;
  private static Path kubeconfig;
  private static String url;
  @TempDir Path home;

  @BeforeAll
  static void up() {
    Path archive = Path.of(step("image", FILES.resolve("image.sh").toString(), cache()));
    lab = new SharedLab(labHome, LAB);
    kubeconfig = lab.kubeconfig();
    url = lab.url();
    String muster = new Muster(labHome).dist().resolve("muster").toString();
    step(
        "load",
        "env",
        "MUSTER_HOME=" + labHome,
        muster,
        "images",
        "load",
        "--name",
        LAB,
        "--archive",
        archive.toString());
    var inside = new LabFolder(labHome.resolve("labs").resolve(LAB));
    System.out.println(inside.kubectl("apply", "-f", FILES.resolve("servers.yaml").toString()));
    for (String workload :
        List.of(
            "llama statefulset/llama",
            "llama deployment/litellm",
            "embed deployment/embed",
            "web deployment/web")) {
      var words = workload.split(" ", -1);
      System.out.println(
          inside.kubectl("-n", words[0], "rollout", "status", words[1], "--timeout=180s"));
    }
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  private static String cache() {
    String said = System.getenv("MUSTER_CACHE");
    Path cache =
        said == null ? Path.of(System.getProperty("user.home"), ".cache/muster") : Path.of(said);
    return cache.resolve("servers").toString();
  }

  /** The last line of what a program says. */
  private static String step(String name, String... command) {
    long begin = System.nanoTime();
    String said = LabFolder.ended(List.of(command));
    System.out.printf("%s: %.1f s%n", name, (System.nanoTime() - begin) / 1e9);
    return said.lines().reduce((_, last) -> last).orElse("");
  }

  @Test
  void llamaCppAlone() throws IOException {
    JsonNode report =
        passes("llamacpp", "llama", "llama", url + "/v1", CHAT + "request: {preset: llamacpp}");
    assertThat(named(report, "access")).containsExactly("llama-0", "llama-1");
    assertThat(milestones(report)).contains("FIRST_GOOD_TOKEN");
  }

  @Test
  void llamaCppBehindLiteLlm() throws IOException {
    JsonNode report =
        passes(
            "litellm",
            "llama",
            "llama",
            url + "/engines/tiny",
            CHAT + "request: {preset: openai, servedBy: [x-litellm-model-id]}");
    assertThat(named(report, "header")).containsExactly("llama-0", "llama-1");
    assertThat(milestones(report)).contains("FIRST_GOOD_TOKEN");
  }

  @Test
  void embeddings() throws IOException {
    JsonNode report =
        passes(
            "embeddings",
            "embed",
            "embed",
            url + "/v1",
            "prompt: {tokens: 20}, model: tiny, request: {preset: embeddings}");
    assertThat(named(report, "access")).hasSize(3).allMatch(p -> p.startsWith("embed-"));
  }

  @Test
  void aPlainHttpService() throws IOException {
    JsonNode report =
        passes(
            "http",
            "web",
            "web",
            url,
            "request: {preset: http, path: /health.json,"
                + " success: {status: 200, json: {/status: ok}}}");
    assertThat(named(report, "access")).hasSize(3).allMatch(p -> p.startsWith("web-"));
  }

  private JsonNode passes(String name, String namespace, String app, String endpoint, String asked)
      throws IOException {
    Path drill = home.resolve(name + ".yaml");
    String text = Files.readString(FILES.resolve("drill.yaml"));
    for (var each :
        Map.of(
                "name", name,
                "namespace", namespace,
                "app", app,
                "endpoint", endpoint,
                "asked", asked)
            .entrySet()) {
      text = text.replace("${" + each.getKey() + "}", each.getValue());
    }
    Files.writeString(drill, text);
    Muster muster = new Muster(home);
    Muster.Ended ended =
        muster.measured(
            Duration.ofMinutes(4), "run", drill.toString(), "--kubeconfig", kubeconfig.toString());
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    JsonNode report = muster.report();
    Instant fault = Instant.parse(report.get("fault").get("at").asString());
    List<Request> rows = RunFiles.read(muster.newestRun()).ledger().rows();
    List<Request> before =
        rows.stream().filter(r -> r.ended() != null && r.ended().isBefore(fault)).toList();
    assertThat(before).hasSizeGreaterThan(40).allMatch(r -> r.outcome() == Outcome.COMPLETE);
    System.out.printf(
        "%s: %s, unnamed %s%n",
        name, report.get("requests").get("outcomes"), report.get("served").get("unnamed"));
    // what an ingress answers by itself is of no pod
    assertThat(report.get("served").get("unnamed").asInt())
        .isLessThanOrEqualTo(
            (int) rows.stream().filter(r -> r.outcome() != Outcome.COMPLETE).count());
    return report;
  }

  private static Set<String> named(JsonNode report, String by) {
    Set<String> pods = new TreeSet<>();
    for (JsonNode pod : report.get("served").get("pods")) {
      if (pod.get("by").asString().equals(by)) {
        pods.add(pod.get("pod").asString());
      }
    }
    return pods;
  }

  private static Set<String> milestones(JsonNode report) {
    Set<String> names = new TreeSet<>();
    report.get("milestones").forEach(m -> names.add(m.get("name").asString()));
    return names;
  }
}
