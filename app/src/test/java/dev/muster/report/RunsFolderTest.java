package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.engine.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsFolderTest {
  @TempDir Path runs;

  @BeforeEach
  void twoRuns() throws IOException {
    Files.createDirectory(runs.resolve("20260101-000000-first-abcd"));
    Files.createDirectory(runs.resolve("20260102-000000-second-efgh"));
    Files.writeString(
        runs.resolve("20260102-000000-second-efgh/report.json"), "{\"verdict\":\"fail\"}");
  }

  @Test
  void isFoundByIdPartOrLatest() {
    assertThat(RunsFolder.find(runs, "latest")).hasFileName("20260102-000000-second-efgh");
    assertThat(RunsFolder.find(runs, "abcd")).hasFileName("20260101-000000-first-abcd");
    assertThat(RunsFolder.find(runs, "20260101-000000-first-abcd"))
        .hasFileName("20260101-000000-first-abcd");
  }

  @Test
  void doubtIsToldNotResolved() {
    assertThatThrownBy(() -> RunsFolder.find(runs, "2026"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("more than one");
    assertThatThrownBy(() -> RunsFolder.find(runs, "20260101-000000-first-abce"))
        .hasMessageContaining("20260101-000000-first-abcd");
  }

  @Test
  void theNewestIsListedFirst() {
    assertThat(RunsFolder.list(runs))
        .extracting(RunsFolder.Entry::verdict)
        .containsExactly("fail", "no report");
  }
}
