package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every ready drill, one after another in one lab with short timing: where a node is noticed sooner
 * than by default, faults need not last as long either. The main drill, with Kubernetes' own
 * timing, has a test of its own.
 */
@Tag("lab")
@Order(2)
class ReadyDrillsTest {
  private static final String LAB = "drills";

  /** The lab's kernel has no netem: that drill's own test is that it is refused. */
  private static final String NETEM = "network-delay";

  /** They need more nodes than this lab has, and zones of several. */
  private static final String ZONES = "zone-";

  /** Their answers are wrong, and the finding that says so. */
  private static final Map<String, String> WRONG =
      Map.of("llm-corrupt-tokens", "streams", "llm-foreign-cache", "content");

  /** Planned disruptions: they are not run with the others, one after another. */
  private static final Set<String> ELSEWHERE =
      Set.of("rolling-update", "rolling-update-under-node-loss");

  @TempDir static Path home;
  private static Muster muster;

  @BeforeAll
  static void up() {
    muster = new Muster(home);
    Muster.Ended up =
        muster.run(
            Duration.ofMinutes(3),
            "lab",
            "up",
            "--name",
            LAB,
            "--set",
            "kube-controller-manager.node-monitor-grace-period=16s",
            "--set",
            "kubelet.evictionPressureTransitionPeriod=10s");
    assertThat(up.exit()).as(up.endFirst()).isZero();
  }

  @AfterAll
  static void down() {
    System.out.println(muster.run(Duration.ofMinutes(1), "runs", "table").output());
    muster.run(Duration.ofMinutes(3), "lab", "down", "--name", LAB);
  }

  /** Those that stress a CPU come last: the main drill is measured beside the first ones. */
  static Stream<String> drills() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("../drills"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(".yaml"))
          .map(n -> n.substring(0, n.length() - ".yaml".length()))
          .filter(n -> !n.equals("node-shutdown") && !n.equals(NETEM) && !WRONG.containsKey(n))
          .filter(n -> !n.startsWith(ZONES))
          .filter(n -> !ELSEWHERE.contains(n))
          .sorted(
              Comparator.comparing((String n) -> n.contains("overload") || n.equals("combined"))
                  .thenComparing(Comparator.naturalOrder()))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("drills")
  void passesWithItsEffectSeenAndLeavesNothing(String drill) throws IOException {
    Muster.Ended ended =
        muster.measured(Duration.ofMinutes(9), "run", shortened(drill).toString(), "--lab", LAB);

    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    JsonNode report = muster.report();
    assertThat(Muster.finding(report, "faultVerified").get("status").asString()).isEqualTo("pass");
    assertThat(Muster.finding(report, "residue").get("status").asString()).isEqualTo("pass");
    assertThat(muster.timeline()).anyMatch(l -> l.contains("\"FaultVerified\""));
    if (drill.equals("memory-overload")) {
      assertThat(underPressure(report)).as("the victim, and no neighbour of it").hasSize(1);
    }
  }

  static Set<String> wrong() {
    return new TreeSet<>(WRONG.keySet());
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void failsForItsAnswersAreWrongThoughTheFaultIsUndone(String drill) throws IOException {
    Muster.Ended ended =
        muster.measured(Duration.ofMinutes(9), "run", shortened(drill).toString(), "--lab", LAB);

    assertThat(ended.exit()).as(ended.endFirst()).isOne();
    JsonNode report = muster.report();
    for (String passed : Set.of("faultVerified", "faultReverted", "residue")) {
      assertThat(Muster.finding(report, passed).get("status").asString()).isEqualTo("pass");
    }
    assertThat(
            Muster.finding(report, Objects.requireNonNull(WRONG.get(drill)))
                .get("status")
                .asString())
        .isEqualTo("fail");
  }

  private static Path shortened(String drill) throws IOException {
    String text = Files.readString(Path.of("../drills", drill + ".yaml"));
    for (Map.Entry<String, String> time :
        Map.of("2m", "85s", "90s", "60s", "60s", "40s").entrySet()) {
      text =
          text.replace("duration: " + time.getKey() + ",", "duration: <" + time.getValue() + ">,");
    }
    return Files.writeString(
        home.resolve(drill + ".yaml"), text.replaceAll("duration: <(\\w+)>", "duration: $1"));
  }

  private static Set<String> underPressure(JsonNode report) {
    Set<String> nodes = new TreeSet<>();
    for (JsonNode milestone : report.get("milestones")) {
      if (milestone.get("name").asString().equals("MEMORY_PRESSURE")) {
        nodes.add(milestone.get("object").asString());
      }
    }
    return nodes;
  }

  @Test
  void delayIsRefusedWhereTheKernelHasNoNetem() {
    Muster.Ended ended =
        muster.run(Duration.ofMinutes(5), "run", "drills/" + NETEM + ".yaml", "--lab", LAB);

    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(69);
    assertThat(ended.output()).contains("has no netem").contains("no fault was injected");
  }

  @Test
  void aChaosMeshFileRunsAsItIs() {
    Muster.Ended ended =
        muster.measured(
            Duration.ofMinutes(5), "run", "drills/chaos-mesh/pod-kill.yaml", "--lab", LAB);

    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    assertThat(muster.timeline()).anyMatch(l -> l.contains("\"PodKill\""));
  }
}
