package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RunsCommandTest {
  private static final Path RUNS = Path.of(System.getenv("MUSTER_HOME"), "runs");

  @Test
  void aRunIsARowWithItsFigures() throws IOException {
    Path run = Files.createDirectories(RUNS.resolve("20260102-000000-d-efgh"));
    Path report = run.resolve("report.json");
    try {
      Files.writeString(
          report,
          """
          {"verdict": "fail", "started": "2026-01-02T00:00:01Z", "ended": "2026-01-02T01:03:50Z",
           "interruption": {"seconds": 4.2}, "requests": {"scheduled": 0, "sinceFault": null}}
          """);
      assertThat(Ended.of("runs").output().lines())
          .containsExactly(
              "VERDICT  STARTED (UTC)     DURATION  INTERRUPTED  LOST            RUN",
              "fail     2026-01-02 00:00   1:03:49        4.2 s  no load        "
                  + " 20260102-000000-d-efgh");
      var entry = new JsonMapper().readTree(Ended.of("runs", "--output", "json").output()).path(0);
      assertThat(entry.path("seconds").asInt(0)).isEqualTo(3829);
      assertThat(entry.path("started").asString()).isEqualTo("2026-01-02T00:00:01Z");
    } finally {
      Files.deleteIfExists(report);
      Files.delete(run);
    }
  }
}
