package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
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

/** Drills on a cluster of which Muster has only a kubeconfig and a power command. */
@Tag("lab")
@Order(4)
class ForeignClusterTest {
  private static final String LAB = "foreign";
  private static final Duration DRILL = Duration.ofMinutes(8);

  @TempDir static Path labHome;
  private static SharedLab lab;
  private static Path kubeconfig;
  private static String url;
  @TempDir Path home;

  @BeforeAll
  static void up() throws IOException {
    lab = new SharedLab(labHome, LAB);
    kubeconfig = lab.kubeconfig();
    url = lab.url();
    // the power command of a foreign cluster knows where its nodes live
    Path script =
        Files.writeString(
            power(), "#!/bin/sh\nMUSTER_HOME='" + labHome + "' exec '" + launcher() + "' \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private static Path launcher() {
    return new Muster(labHome).dist().resolve("muster");
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  @Test
  void passesWithKubeconfigAndPowerCommandAlone() {
    Muster muster = new Muster(home);
    Muster.Ended ended = drill(muster, power(), "{}");
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
  }

  @Test
  void toleration300AndASingleApiReplicaAreBlamedEachForItsOwn() {
    Muster muster = new Muster(home);
    Muster.Ended ended = drill(muster, power(), "{tolerationSeconds: 300, api: {replicas: 1}}");
    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(1);
    JsonNode late = Muster.finding(muster.report(), "replacedPods");
    assertThat(late.get("status").asString()).isEqualToIgnoringCase("fail");
    assertThat(late.get("why").asString()).contains("tolerationSeconds").contains("300");
    JsonNode alone = Muster.finding(muster.report(), "redundancy");
    assertThat(alone.get("status").asString()).isEqualToIgnoringCase("fail");
    assertThat(alone.get("why").asString()).contains("deepseek-api");
  }

  @Test
  void readinessThatAlwaysSucceedsIsBlamed() {
    Muster muster = new Muster(home);
    Muster.Ended ended =
        drill(
            muster,
            power(),
            "{worker: {env: {MODEL_LOAD_SECONDS: \"12\"}, probes: {startup: {enabled: false},"
                + " readiness: {path: /health/live}}}}");
    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(1);
    JsonNode finding = Muster.finding(muster.report(), "readiness");
    assertThat(finding.get("status").asString()).isEqualToIgnoringCase("fail");
    assertThat(finding.get("why").asString()).contains("readinessProbe");
  }

  @Test
  void theLoadOfThreePodsIsOneLoad() throws IOException {
    loadFromPods().allRowsComeHome();
  }

  @Test
  void aLoadPodThatIsLostIsNamedAndNeverAPass() throws Exception {
    loadFromPods().aPodThatIsLostIsNamedAndNeverAPass();
  }

  private LoadFromPods loadFromPods() {
    return new LoadFromPods(
        home, kubeconfig, new LabFolder(labHome.resolve("labs").resolve(LAB)), url);
  }

  @Test
  void powerHookThatDoesNothingIsInconclusive() throws IOException {
    Muster muster = new Muster(home);
    Path nothing = Files.writeString(home.resolve("nothing"), "#!/bin/sh\ntrue\n");
    assertThat(nothing.toFile().setExecutable(true)).isTrue();
    Path drill = ForeignDrill.write(home, LAB, url, nothing, "{}");
    Muster.Ended ended = run(muster, drill, kubeconfig);
    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(2);
  }

  @Test
  void selectorThatMatchesNothingIsRefusedAtItsPlace() throws IOException {
    Muster muster = new Muster(home);
    Path drill = ForeignDrill.write(home, LAB, url, power(), "{}");
    Files.writeString(
        drill, Files.readString(drill).replace("component: worker", "component: wroker"));
    Muster.Ended ended = run(muster, drill, kubeconfig);
    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(64);
    assertThat(ended.output())
        .containsPattern(
            "short\\.yaml:\\d+:\\d+: .*wroker.*did you mean app.kubernetes.io/component=worker");
  }

  @Test
  void victimThatCarriesTheClientsOwnPathIsRefused() throws IOException {
    Muster muster = new Muster(home);
    Path drill = ForeignDrill.write(home, LAB, url.replaceAll("1$", "11"), power(), "{}");
    Files.writeString(
        drill, Files.readString(drill).replace("{hosting: target}", "{nodes: [node-1]}"));
    Muster.Ended ended = run(muster, drill, kubeconfig);
    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(64);
    assertThat(ended.output())
        .containsPattern("short\\.yaml:\\d+:\\d+: .*is the victim node-1 itself");
  }

  @Test
  void missingRightsAreNamed() throws IOException {
    Muster muster = new Muster(home);
    // an identity that the API server knows and that may do little
    Path weak = kubeconfig.resolveSibling("kube-proxy.conf");
    Path drill = ForeignDrill.write(home, LAB, url, power(), "{}");
    Files.writeString(drill, Files.readString(drill).replaceAll("(?m)^deploy:.*$", ""));
    Muster.Ended ended = run(muster, drill, weak);
    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(69);
    assertThat(ended.output()).contains("no permission to list pods");
  }

  @Test
  void killedMusterIsCleanedUpAfter() throws Exception {
    Muster muster = new Muster(home);
    Path drill = ForeignDrill.write(home, LAB, url, power(), "{}");
    Process process = muster.start("run", drill.toString(), "--kubeconfig", kubeconfig.toString());
    await().atMost(Duration.ofMinutes(5)).until(() -> !muster.runs().isEmpty() && injected(muster));
    ProcessHandle java = process.toHandle();
    java.destroyForcibly();
    process.waitFor();

    Muster.Ended cleaned = new Muster(home).run(Duration.ofMinutes(3), "cleanup");
    assertThat(cleaned.exit()).as(cleaned.endFirst()).isZero();
    Muster.Ended again = new Muster(home).run(Duration.ofMinutes(1), "cleanup", "--dry-run");
    assertThat(again.exit()).isZero();
    assertThat(again.output()).contains("nothing");
    assertThat(muster.timeline()).anyMatch(line -> line.contains("FaultReverted"));
  }

  private static boolean injected(Muster muster) {
    return Files.exists(muster.newestRun().resolve("timeline.jsonl"))
        && muster.timeline().stream().anyMatch(line -> line.contains("\"FaultInjected\""));
  }

  private static Path power() {
    return labHome.resolve("power");
  }

  private Muster.Ended drill(Muster muster, Path power, String values) {
    Path drill = ForeignDrill.write(home, LAB, url, power, values);
    return muster.measured(DRILL, "run", drill.toString(), "--kubeconfig", kubeconfig.toString());
  }

  private static Muster.Ended run(Muster muster, Path drill, Path kubeconfig) {
    return muster.run(DRILL, "run", drill.toString(), "--kubeconfig", kubeconfig.toString());
  }
}
