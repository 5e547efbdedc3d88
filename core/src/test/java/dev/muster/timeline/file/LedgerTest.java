package dev.muster.timeline.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.EventJson;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.RetryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Set<String> LATER =
      Set.of("finishReason", "countedByChunk", "prompt", "answerDigest");

  @TempDir Path run;

  @Test
  void rowsAreReadByIntendedTimeWhileRunningAndAfter() {
    try (var ledger = Ledger.open(run)) {
      ledger.append(Samples.request(2));
      ledger.append(Samples.request(1));
      assertThat(LedgerFile.read(run).rows())
          .containsExactly(Samples.request(1), Samples.request(2));
      ledger.finish();
    }

    assertThat(LedgerFile.read(run).rows()).containsExactly(Samples.request(1), Samples.request(2));
    assertThat(run.resolve("ledger.jsonl")).doesNotExist();
    assertThat(run.resolve("ledger.jsonl.gz")).exists();
  }

  @Test
  void whereverThePlainFileWasCutWholeRowsAreRead() throws IOException {
    write(3);
    var file = run.resolve("ledger.jsonl");
    var whole = Files.readAllBytes(file);
    for (int cut = 0; cut < whole.length; cut += 7) {
      Files.write(file, Arrays.copyOf(whole, cut));
      int rows = (int) (3L * cut / whole.length); // rows are of equal length
      var read = LedgerFile.read(run);
      assertThat(read.rows()).as("cut at %d", cut).hasSizeBetween(rows, rows + 1);
      assertThat(read.torn())
          .isEqualTo(cut % (whole.length / 3) != 0 && read.rows().size() == rows);
    }
  }

  @Test
  void whereverThePackedFileWasCutItIsSaidToBeTorn() throws IOException {
    try (var ledger = Ledger.open(run)) {
      for (int i = 0; i < 2000; i++) {
        ledger.append(Samples.request(i));
      }
      ledger.finish();
    }
    var file = run.resolve("ledger.jsonl.gz");
    var whole = Files.readAllBytes(file);
    for (int cut = 0; cut < whole.length; cut += 499) {
      Files.write(file, Arrays.copyOf(whole, cut));
      assertThat(LedgerFile.read(run).torn()).as("cut at %d", cut).isTrue();
    }
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThat(LedgerFile.read(run).rows()).hasSizeGreaterThan(100);
  }

  @Test
  void aBrokenRowInTheMiddleIsToldWithItsNumber() throws IOException {
    write(1);
    Files.writeString(
        run.resolve("ledger.jsonl"), "{\"id\": \n{\"id\":\"r\"}\n", StandardOpenOption.APPEND);
    write(1);
    var read = LedgerFile.read(run);
    assertThat(read.unreadable()).containsExactly(2, 3);
    assertThat(read.torn()).isFalse();
    assertThat(read.rows()).hasSize(2);
  }

  @Test
  void aRowOfAnEarlierVersionSaysNothingOfPromptAndAnswer() throws IOException {
    var old = EventJson.MAPPER.createObjectNode();
    EventJson.MAPPER.valueToTree(Samples.request(1)).properties().stream()
        .filter(field -> !LATER.contains(field.getKey()))
        .forEach(field -> old.set(field.getKey(), field.getValue()));
    Files.writeString(run.resolve("ledger.jsonl"), old + "\n");
    var row = LedgerFile.read(run).rows().getFirst();
    assertThat(row.checked()).isTrue();
    assertThat(row.finishReason()).isNull();
    assertThat(row.countedByChunk()).isNull();
    assertThat(row.prompt()).isNull();
    assertThat(row.answerDigest()).isNull();
  }

  @Test
  void anotherEndOfARequestChangesNothingElse() {
    var row = Samples.request(1);
    assertThat(row.ended(Outcome.TRUNCATED, "cut").ended(row.outcome(), "as it was"))
        .usingRecursiveComparison()
        .ignoringFields("detail")
        .isEqualTo(row);
  }

  @Test
  void attemptsAfterTheFirstStandApart() {
    var first = Samples.request(1);
    var third = Samples.with(first, new RetryId("r-1", 2).toString());
    var second = Samples.with(first, new RetryId("r-1", 1).toString());
    try (var ledger = Ledger.open(run)) {
      ledger.append(first);
      ledger.append(third);
      ledger.append(second);
      ledger.finish();
    }
    var read = LedgerFile.read(run);
    assertThat(read.rows()).containsExactly(first);
    assertThat(read.retries()).containsExactly(second, third);
    assertThat(RetryId.of("r-1.r2")).contains(new RetryId("r-1", 2));
    assertThat(RetryId.of("20261129-120000-a.r7-12")).isEmpty();
    for (int length = 20; length < 50; length++) {
      var id = new RetryId("r".repeat(length), 1);
      assertThat(id.toString().length()).as("Envoy would write into it").isNotEqualTo(36);
      assertThat(RetryId.of(id.toString())).contains(id);
    }
  }

  @Test
  void noLedgerIsAnEmptyOne() {
    assertThat(LedgerFile.read(run))
        .isEqualTo(new LedgerFile(List.of(), List.of(), false, List.of()));
  }

  private void write(int rows) {
    try (var ledger = Ledger.open(run)) {
      for (int i = 0; i < rows; i++) {
        ledger.append(Samples.request(i));
      }
    }
  }
}
