package dev.muster.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Ended;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill from a file or from standard input, checked before anything else. */
class ValidateCommandTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: s, selector: {labelSelectors: {app: w}}, endpoint: ingress}
      faults: [{kind: NodeShutdown, duration: 30s, ttl: 1m}]
      expect: {detected: {within: 60s}}
      """;

  @TempDir Path folder;

  private static Ended with(String input, String... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return Ended.of(arguments);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void allOfThemAreToldTheGoodAndTheBad() throws IOException {
    Path good = Files.writeString(folder.resolve("good.yaml"), DRILL);
    Path bad = Files.writeString(folder.resolve("bad.yaml"), DRILL.replace("expect", "expects"));
    Ended ended = Ended.of("validate", good.toString(), bad.toString(), folder + "/none.yaml");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.output()).isEqualTo(good + ": OK, drill d\n");
    assertThat(ended.errors())
        .contains(bad + ":6:1: unknown field \"expects\"", "none.yaml: no such file");
    assertThat(Ended.of("validate", good.toString()).exit()).isZero();
    assertThat(Ended.of("validate").exit()).isEqualTo(64);
  }

  @Test
  void theReadyDrillsAreRight() throws IOException {
    try (var files = Files.list(Path.of("../drills"))) {
      for (Path drill : files.filter(Files::isRegularFile).toList()) {
        assertThat(Ended.of("validate", drill.toString()).exit()).as(drill.toString()).isZero();
      }
    }
  }

  @Test
  void standardInputIsADrillToo() {
    assertThat(with(DRILL, "validate", "-").output()).isEqualTo("standard input: OK, drill d\n");
    Ended ended = with(DRILL.replace("30s", "30x"), "validate", "-");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("standard input:5:41: ");
    assertThat(with("", "validate", "-").errors()).contains("standard input");
  }

  @Test
  void andIsPlannedConvertedAndGivenItsRoles() {
    Ended plan = with(DRILL, "run", "-", "--dry-run", "--lab", "none");
    assertThat(plan.exit()).isZero();
    assertThat(plan.output()).startsWith("drill d: ").contains("NodeShutdown");
    assertThat(with(DRILL, "convert", "-").output()).isEqualTo(DRILL);
    assertThat(with(DRILL, "rbac", "-").output()).contains("name: \"muster-d\"");
  }
}
