package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.doctor.BundleNeed;
import dev.muster.cli.doctor.HomeNeed;
import dev.muster.engine.home.Home;
import dev.muster.engine.site.PackedLab;
import dev.muster.lab.build.Doctor.Need;
import dev.muster.lab.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A cluster, and the folder where Muster keeps things. */
class DoctorCommandTest {
  @TempDir Path folder;

  private Ended doctor(StubApi.Failure failure, String... more) throws IOException {
    try (StubApi api = new StubApi(failure)) {
      var words = new java.util.ArrayList<>(List.of("doctor", "--kubeconfig"));
      words.add(api.kubeconfig(folder).toString());
      words.addAll(List.of(more));
      return Ended.of(words.toArray(String[]::new));
    }
  }

  @Test
  void aClusterThatHasAllOfIt() throws IOException {
    Ended ended = doctor((api, of) -> false);
    assertThat(ended.exit()).as(ended.output()).isZero();
    assertThat(ended.output())
        .containsPattern("present +MUSTER_HOME")
        .containsPattern("present +rights +all +what most drills")
        .containsPattern("present +nodes Ready +1 of 1")
        .containsPattern("present +nodes for agents +1 of 1")
        .doesNotContain("containerd");
  }

  @Test
  void theRightsOfTheDrillThatIsNamed() throws IOException {
    Path drill = Path.of("../drills/pod-kill.yaml");
    StubApi.Failure denied =
        (api, of) -> {
          boolean review = of.getRequestURI().getPath().endsWith("selfsubjectaccessreviews");
          if (review) {
            StubApi.answer(of, 201, "{\"status\": {\"allowed\": false}}");
          }
          return review;
        };
    Ended ended = doctor(denied, drill.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.output())
        .containsPattern("MISSING +right .*no permission to delete pods in namespace deepseek")
        .contains("muster rbac DRILL");
    assertThat(Ended.of("doctor", drill.toString()).exit()).isEqualTo(64);
  }

  @Test
  void nodesThatCarryNoAgent() throws IOException {
    StubApi.Failure nodes =
        (api, of) -> {
          boolean asked = of.getRequestURI().getPath().equals("/api/v1/nodes");
          if (asked) {
            StubApi.answer(
                of,
                200,
                """
                {"kind": "List", "metadata": {}, "items": [
                  {"metadata": {"name": "n1"}, "status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}},
                  {"metadata": {"name": "w1", "labels": {"kubernetes.io/os": "windows"}},
                   "status": {"conditions": [{"type": "Ready", "status": "True"}]}}]}
                """);
          }
          return asked;
        };
    Ended ended = doctor(nodes, "--output", "json");
    assertThat(ended.exit()).isEqualTo(69);
    var needs = new JsonMapper().readTree(ended.output());
    assertThat(needs.toString())
        .contains("\"not Ready: n1\"", "\"0 of 2\"", "w1 runs windows", "\"1 of 2\"");
  }

  /** What can be told without them is told. */
  @Test
  void nodesThatMayNotBeListed() throws IOException {
    Ended ended =
        doctor((api, of) -> {
          if (of.getRequestURI().getPath().equals("/api/v1/nodes")) {
            StubApi.answer(of, 403, "{\"kind\": \"Status\", \"message\": \"nodes is forbidden\"}");
            return true;
          }
          return StubApi.denied(of, "\"nodes\"");
        });
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.output())
        .containsPattern("present +cluster ")
        .containsPattern("MISSING +right .*no permission to list nodes")
        .containsPattern("MISSING +nodes Ready +not known .*could not be looked at: nodes is forb")
        .containsPattern("MISSING +nodes for agents +not known .*could not be looked at");
  }

  @Test
  void aClusterThatDoesNotAnswer() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("dead.conf"),
            """
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            contexts: [{name: c, context: {cluster: c}}]
            current-context: c
            """);
    Ended ended = Ended.of("doctor", "--kubeconfig", config.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.output()).containsPattern("MISSING +cluster .*127.0.0.1:1");
  }

  @Test
  void aHomeThatCanNotBeUsedIsARow() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Need need = HomeNeed.of(Home.of(Map.of("MUSTER_HOME", file + "/home"), folder, folder));
    assertThat(need.present()).isFalse();
    assertThat(need.howToGet()).contains(file + " is a file", "MUSTER_HOME");
    need = HomeNeed.of(Home.of(Map.of("MUSTER_HOME", "/proc/none"), folder, folder));
    assertThat(need.present()).isFalse();
    assertThat(need.howToGet()).contains("/proc", "MUSTER_HOME");
    assertThat(HomeNeed.of(Home.of(Map.of("MUSTER_HOME", "" + folder), folder, folder)).name())
        .isEqualTo("MUSTER_HOME");
    assertThat(folder.toFile().list()).containsExactly("file");
    assertThat(HomeNeed.of(folder, HomeNeed.ROOM - 1).present()).isFalse();
    assertThat(HomeNeed.of(folder, HomeNeed.ROOM).version()).isEqualTo("1.0 GB free");
  }

  /** Makers too: what a bundle holds need not be made. */
  @Test
  void whoHasABundleNeedsNoMakers() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    Home home = new Home(folder.resolve("home"), folder.resolve("cache"), lab.dist());
    List<Need> without = DoctorCommand.machine(home, Map.of());
    assertThat(without).extracting(Need::name).doesNotContain("MUSTER_BUNDLE");
    assertThat(need(without, "go 1.26").version()).isNotEqualTo("not needed");

    var environment = Map.of("MUSTER_BUNDLE", lab.bundle().toString());
    List<Need> with = DoctorCommand.machine(home, environment);
    assertThat(need(with, "MUSTER_BUNDLE").present()).isTrue();
    assertThat(need(with, "MUSTER_BUNDLE").version()).isEqualTo("Kubernetes 1.37.2");
    assertThat(need(with, "go 1.26").version()).isEqualTo("not needed");
    assertThat(with).extracting(Need::name).contains("Java 25", "root");
    assertThat(home.cache()).doesNotExist();
  }

  @Test
  void aBundleThatCanNotBeUsedIsARowThatSaysWhy() throws IOException {
    PackedLab lab = PackedLab.in(folder, "riscv64");
    Home home = new Home(folder.resolve("home"), folder.resolve("cache"), lab.dist());
    Map.of(
            lab.bundle().toString(),
            "it is for riscv64, and this machine is",
            folder + "/none",
            "no such file or folder",
            "" + Files.writeString(folder.resolve("text"), "no bundle"),
            "the bundle " + folder,
            "oci://127.0.0.1:1/x",
            "nobody listens there",
            "oci://bundles/x",
            "names no registry")
        .forEach((where, why) -> {
          Need need = Objects.requireNonNull(BundleNeed.of(home, Map.of("MUSTER_BUNDLE", where)));
          assertThat(need.present()).as(where).isFalse();
          assertThat(need.howToGet()).contains(why, "set MUSTER_BUNDLE to another bundle");
        });
    assertThat(BundleNeed.of(home, Map.of("MUSTER_BUNDLE", " "))).isNull();
    Need go =
        need(DoctorCommand.machine(home, Map.of("MUSTER_BUNDLE", folder + "/none")), "go 1.26");
    assertThat(go.version()).isNotEqualTo("not needed");
  }

  private static Need need(List<Need> needs, String name) {
    return needs.stream().filter(need -> need.name().equals(name)).findFirst().orElseThrow();
  }
}
