package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

/** Every ready drill whose victims are pods, their processes, or what these answer. */
@Tag("lab")
@Order(5)
class ReadyPodDrillsTest {
  private static final Set<String> BEGINNINGS = Set.of("llm-", "pod-", "process-");

  /** Their answers are wrong, and the finding that says so. */
  private static final Map<String, String> WRONG =
      Map.of("llm-corrupt-tokens", "streams", "llm-foreign-cache", "content");

  @TempDir static Path home;
  private static DrillsLab lab;

  static boolean ofPods(String drill) {
    return BEGINNINGS.stream().anyMatch(drill::startsWith);
  }

  @BeforeAll
  static void up() {
    lab = new DrillsLab(home, "pod-drills");
    lab.up();
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  static Stream<String> drills() throws IOException {
    return DrillsLab.drills(name -> ofPods(name) && !WRONG.containsKey(name));
  }

  @ParameterizedTest
  @MethodSource("drills")
  void passesWithItsEffectSeenAndLeavesNothing(String drill) throws IOException {
    lab.passed(drill);
  }

  static Set<String> wrong() {
    return new TreeSet<>(WRONG.keySet());
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void failsForItsAnswersAreWrongThoughTheFaultIsUndone(String drill) throws IOException {
    Muster.Ended ended = lab.run(drill);

    assertThat(ended.exit()).as(ended.endFirst()).isOne();
    JsonNode report = lab.muster().report();
    for (String passed : Set.of("faultVerified", "faultReverted", "residue")) {
      assertThat(Muster.finding(report, passed).get("status").asString()).isEqualTo("pass");
    }
    assertThat(
            Muster.finding(report, Objects.requireNonNull(WRONG.get(drill)))
                .get("status")
                .asString())
        .isEqualTo("fail");
  }

  @Test
  void aChaosMeshFileRunsAsItIs() {
    Muster.Ended ended =
        lab.muster()
            .measured(
                Duration.ofMinutes(5),
                "run",
                "drills/chaos-mesh/pod-kill.yaml",
                "--lab",
                lab.name());

    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    assertThat(lab.muster().timeline()).anyMatch(l -> l.contains("\"PodKill\""));
  }
}
