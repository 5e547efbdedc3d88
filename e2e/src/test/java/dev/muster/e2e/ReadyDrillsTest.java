package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
 * Every ready drill whose victims are nodes or networks. Those of pods have a lab of their own,
 * since two labs at a time are what the machine can carry.
 */
@Tag("lab")
@Order(2)
class ReadyDrillsTest {
  @TempDir static Path home;
  private static DrillsLab lab;

  @BeforeAll
  static void up() {
    lab = new DrillsLab(home, "drills");
    lab.up();
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  static Stream<String> drills() throws IOException {
    return DrillsLab.drills(name -> !ReadyPodDrillsTest.ofPods(name));
  }

  @ParameterizedTest
  @MethodSource("drills")
  void passesWithItsEffectSeenAndLeavesNothing(String drill) throws IOException {
    JsonNode report = lab.passed(drill);
    if (drill.equals("memory-overload")) {
      assertThat(underPressure(report)).as("the victim, and no neighbour of it").hasSize(1);
    }
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
        lab.muster()
            .run(
                Duration.ofMinutes(5),
                "run",
                "drills/" + DrillsLab.NETEM + ".yaml",
                "--lab",
                lab.name());

    assertThat(ended.exit()).as(ended.endFirst()).isEqualTo(69);
    assertThat(ended.output()).contains("has no netem").contains("no fault was injected");
  }
}
