package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.engine.home.Refusal;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.Seal;
import dev.muster.timeline.file.TraceFile;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose files were changed after its end is told so by its report, and proves nothing. */
class SealedReportTest {
  @TempDir Path folder;

  @BeforeEach
  void run() throws IOException {
    SyntheticRun.write(folder, "old");
    var trace = new Trace("r-1", Trace.Source.LOG, "k", null, "api", "p", "n", "w", "", "", 1);
    TraceFile.write(folder, List.of(trace));
    try (Journal journal = Journal.open(folder)) {
      var end = Stamp.engine(SyntheticRun.START.plusSeconds(140));
      journal.append(new Event.RunEnded(end, Seal.of(folder)));
    }
  }

  @Test
  void aSealedRunThatWasLeftAloneIsJudgedAsItWas() {
    var verdict = Reports.write(folder);
    assertThat(verdict.status()).as(Reports.summary(folder)).isEqualTo(Status.PASS);
    assertThat(integrity(verdict).why()).isEqualTo("the files of the run are as they were written");
  }

  @Test
  void aChangedByteOfAnyFileIsToldWithTheFileAndNothingPasses() throws IOException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    for (String name : List.of("timeline.jsonl", "ledger.jsonl.gz", "traces.jsonl.gz")) {
      Path file = folder.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      for (int n = 0; n < 20; n++) {
        int at = random.nextInt(bytes.length - 1);
        byte was = bytes[at];
        bytes[at] = (byte) (was ^ (1 << random.nextInt(7)));
        Files.write(file, bytes);
        bytes[at] = was;

        var verdict = Reports.write(folder);

        var what = "seed %d: byte %d of %s".formatted(seed, at, name);
        assertThat(verdict.status()).as(what).isEqualTo(Status.INCONCLUSIVE);
        assertThat(integrity(verdict).why()).as(what).contains(name);
      }
      Files.write(file, bytes);
    }
  }

  @Test
  void theReportNamesTheLineOfTheTimeline() throws IOException {
    Path file = folder.resolve("timeline.jsonl");
    Files.writeString(
        file, Files.readString(file).replace("00:00:55Z", "00:00:15Z")); // NotReady, 40 s earlier
    var verdict = Reports.write(folder);
    assertThat(verdict.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(integrity(verdict).evidence()).singleElement().asString().contains("jsonl:10 ");
    assertThat(Reports.summary(folder)).contains("timeline.jsonl");
    assertThat(Files.readString(folder.resolve("report.zh.html"))).contains("写入后被改动");
  }

  @Test
  void aChangedDrillIsTold() throws IOException {
    Path drill = folder.resolve("drill.yaml");
    Files.writeString(drill, SyntheticRun.DRILL.replace("within: 60s", "within: 61s"));
    assertThat(integrity(Reports.write(folder)).why()).contains("drill.yaml");
    Files.writeString(drill, SyntheticRun.DRILL.replace("faults:", "fawlts:"));
    assertThatThrownBy(() -> Reports.write(folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("drill.yaml is not as it was when the run ended");
  }

  private static Finding integrity(Verdict verdict) {
    return verdict.findings().stream()
        .filter(f -> f.check().equals("integrity"))
        .findFirst()
        .orElseThrow();
  }
}
