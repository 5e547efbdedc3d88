package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.engine.home.Refusal;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsFolderTest {
  private static final Stamp NOW = Stamp.engine(Instant.EPOCH);

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

  @Test
  void dateDurationAndKeyFigures() throws IOException {
    Files.writeString(
        runs.resolve("20260102-000000-second-efgh/report.json"),
        """
        {"verdict": "pass", "started": "2026-01-02T00:00:01.5Z", "ended": "2026-01-02T00:03:50Z",
         "interruption": {"seconds": 4.25, "atMost": 5.0},
         "requests": {"scheduled": 2400, "sinceFault": {"all": 2000, "lost": 3, "unreachable": 4}}}
        """);
    RunsFolder.Entry run = RunsFolder.list(runs).getFirst();
    assertThat(run.started()).isEqualTo("2026-01-02T00:00:01.5Z");
    assertThat(run.seconds()).isEqualTo(228.5);
    assertThat(run.interrupted()).isEqualTo("4.3");
    assertThat(run.lost()).isEqualTo("7 of 2000");
    RunsFolder.Entry killed = RunsFolder.list(runs).getLast();
    assertThat(killed.started()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(killed.seconds()).isNull();
    assertThat(killed.interrupted() + killed.lost()).isEmpty();
  }

  @Test
  void whatBecameOfARunIsSeen() throws IOException {
    Path run = runs.resolve("20260103-000000-third-ijkl");
    try (Journal journal = Journal.open(run)) {
      assertThat(state()).isEqualTo("going on");
      journal.append(
          new Event.FaultArmed(
              NOW, "f", "NodeShutdown", ObjectRef.Victim.parse("n"), NOW.at(), Map.of()));
    }
    assertThat(state()).isEqualTo("killed, fault not undone");
    then(run, new Event.FaultReverted(NOW, "f", Map.of()));
    assertThat(state()).isEqualTo("killed");
    then(run, new Event.RunEnded(NOW));
    assertThat(state()).isEqualTo("no report");
    Files.writeString(run.resolve("report.json"), "{\"verdict\":\"pass\"}");
    assertThat(state()).isEqualTo("pass");
    then(
        run,
        new Event.FaultArmed(
            NOW, "g", "NodeShutdown", ObjectRef.Victim.parse("n"), NOW.at(), Map.of()));
    assertThat(state()).isEqualTo("pass, fault not undone");
  }

  @Test
  void aRunThatWasKilledBeforeItsFirstEventIsSeen() throws IOException {
    Path run = Files.createDirectory(runs.resolve("20260103-000000-third-ijkl"));
    Files.writeString(run.resolve("site.properties"), "lab=x\n");
    assertThat(state()).isEqualTo("killed");
    Files.writeString(run.resolve("timeline.jsonl"), "rubbish\n{}\n");
    assertThat(state()).isEqualTo("unreadable");
  }

  private String state() {
    return RunsFolder.list(runs).getFirst().verdict();
  }

  private static void then(Path run, Event event) {
    try (Journal journal = Journal.open(run)) {
      journal.append(event);
    }
  }

  @Test
  void aReportThatIsNoJsonIsARowWithoutFigures() throws IOException {
    Path run = Files.createDirectories(runs.resolve("20260101-000000-d-abcd"));
    Files.write(run.resolve("report.json"), new byte[] {(byte) 0xa0, 1, 2});
    assertThat(RunsTable.of(runs).getLast()).contains("20260101-000000-d-abcd", "unreadable");
  }
}
