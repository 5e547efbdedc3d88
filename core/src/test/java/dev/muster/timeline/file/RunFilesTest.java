package dev.muster.timeline.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.Integrity.Damage;
import dev.muster.timeline.file.Integrity.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  private static final List<String> SEALED =
      List.of("drill.yaml", "ledger.jsonl.gz", "traces.jsonl.gz", "series.json");

  @TempDir Path run;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(run.resolve("drill.yaml"), "a drill");
    try (var ledger = Ledger.open(run)) {
      for (int i = 0; i < 9; i++) {
        ledger.append(Samples.request(i));
      }
      ledger.finish();
    }
    var trace = new Trace("r-1", Trace.Source.LOG, "k", null, "api", "p", "n", "w", "", "", 1);
    TraceFile.write(run, List.of(trace));
    new SeriesFile(Samples.T, Samples.T, Duration.ofSeconds(5), List.of()).write(run);
    try (var journal = Journal.open(run)) {
      Samples.EVENTS.subList(0, 3).forEach(journal::append);
      journal.append(new Event.RunEnded(Stamp.engine(Samples.T), Seal.of(run)));
    }
  }

  @Test
  void aRunThatWasLeftAloneIsWhole() {
    var read = RunFiles.read(run);
    assertThat(read.integrity()).isEqualTo(new Integrity(0, true, List.of()));
    assertThat(read.ledger().rows()).hasSize(9);
    assertThat(read.traces()).hasSize(1);
    assertThat(read.series()).isPresent();
  }

  @Test
  void eachByteThatIsChangedInAnyFileIsTold() throws IOException {
    for (var name : SEALED) {
      var file = run.resolve(name);
      var bytes = Files.readAllBytes(file);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] ^= 0x11;
        Files.write(file, bytes);
        bytes[i] ^= 0x11;
        assertThat(RunFiles.read(run).integrity().damage())
            .as("byte %d of %s", i, name)
            .contains(new Damage(name, 0, Kind.CHANGED));
      }
      Files.write(file, bytes);
    }
  }

  @Test
  void filesThatAreGoneOrNewAreTold() throws IOException {
    Files.delete(run.resolve("traces.jsonl.gz"));
    Files.writeString(run.resolve("ledger.jsonl"), "");
    assertThat(RunFiles.read(run).integrity().damage())
        .containsExactlyInAnyOrder(
            new Damage("traces.jsonl.gz", 0, Kind.MISSING),
            new Damage("ledger.jsonl", 0, Kind.ADDED));
  }

  @Test
  void whatALaterMusterAddsToTheTimelineBreaksNothing() {
    try (var journal = Journal.open(run)) {
      journal.append(Samples.EVENTS.get(4));
    }
    assertThat(RunFiles.read(run).integrity()).isEqualTo(new Integrity(0, true, List.of()));
  }

  @Test
  void anEndWithoutItsSealIsNotSealed() throws IOException {
    Files.delete(run.resolve(Journal.FILE));
    try (var journal = Journal.open(run)) {
      journal.append(new Event.RunEnded(Stamp.engine(Samples.T)));
    }
    assertThat(RunFiles.read(run).integrity()).isEqualTo(new Integrity(0, false, List.of()));
  }
}
