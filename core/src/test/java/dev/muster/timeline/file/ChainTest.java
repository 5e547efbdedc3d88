package dev.muster.timeline.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainTest {
  private static final List<Event> EVENTS = Samples.EVENTS.subList(0, 5);
  private static final String OLD =
      "{\"type\":\"RunEnded\",\"stamp\":{\"at\":\"2026-01-02T03:04:05Z\",\"source\":\"engine\","
          + "\"uncertainty\":\"PT0S\"}}\n";

  @TempDir Path run;
  private Path file;

  @BeforeEach
  void write() {
    file = run.resolve(Journal.FILE);
    append(EVENTS);
  }

  @Test
  void whatWasWrittenHoldsAlsoWhereWritingWentOn() {
    append(EVENTS);
    assertThat(TimelineFile.read(run).chain()).isEqualTo(Chain.WHOLE);
    assertThat(TimelineFile.readable(run).events()).hasSize(10);
  }

  /**
   * The last byte is the end of the last line: without it the line is the same. A first line whose
   * hash is none any more might be an old one: the second does not follow it.
   */
  @Test
  void eachByteThatIsChangedIsToldWithItsLine() throws IOException {
    var bytes = Files.readAllBytes(file);
    int line = 1;
    for (int i = 0; i < bytes.length - 1; i++) {
      byte was = bytes[i];
      line += i > 0 && bytes[i - 1] == '\n' ? 1 : 0;
      bytes[i] = was == '0' ? (byte) '1' : (byte) '0';
      Files.write(file, bytes);
      bytes[i] = was;

      var read = TimelineFile.readable(run);

      assertThat(read.chain().broken())
          .as("byte %d", i)
          .first()
          .isEqualTo(line + read.chain().unchained());
      assertThat(read.chain().unchained()).isLessThanOrEqualTo(line == 1 ? 1 : 0);
      assertThat(read.events()).as("byte %d", i).hasSizeLessThan(5);
    }
  }

  @Test
  void aLineThatWasTakenAwayAddedOrMovedIsTold() throws IOException {
    var lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size() - 1; i++) {
      var fewer = new ArrayList<>(lines);
      fewer.remove(i);
      assertThat(broken(fewer)).as("without line %d", i + 1).containsExactly(i + 1);
      var swapped = new ArrayList<>(lines);
      swapped.add(i, swapped.remove(i + 1));
      assertThat(broken(swapped)).as("line %d moved", i + 1).contains(i + 1);
      var doubled = new ArrayList<>(lines);
      doubled.add(i, lines.get(i));
      assertThat(broken(doubled)).as("line %d twice", i + 1).containsExactly(i + 2);
      var stranger = new ArrayList<>(lines);
      stranger.add(i + 1, OLD.strip());
      assertThat(broken(stranger)).as("a line after %d", i + 1).contains(i + 2);
    }
  }

  @Test
  void linesOfAVersionWithoutAChainAreCountedAndWhatFollowsIsChained() throws IOException {
    Files.writeString(file, OLD + OLD);
    append(EVENTS);
    assertThat(TimelineFile.read(run).chain()).isEqualTo(new Chain(2, List.of()));

    Files.writeString(file, Files.readString(file).replaceFirst("RunEnded", "RunEndee"));
    assertThat(TimelineFile.read(run).chain()).as("line 1").isEqualTo(new Chain(2, List.of()));
    Files.writeString(file, OLD + OLD.replace("05Z", "06Z"));
    append(EVENTS);
    Files.writeString(file, Files.readString(file).replaceFirst("06Z", "07Z"));
    assertThat(TimelineFile.read(run).chain().broken()).containsExactly(3);
  }

  @Test
  void aTornLastLineBreaksNothing() throws IOException {
    Files.writeString(file, "{\"type\":\"RunEn", StandardOpenOption.APPEND);
    assertThat(TimelineFile.read(run).chain()).isEqualTo(Chain.WHOLE);
    append(EVENTS);
    assertThat(TimelineFile.read(run).chain()).isEqualTo(Chain.WHOLE);
  }

  private void append(List<Event> events) {
    try (var journal = Journal.open(run)) {
      events.forEach(journal::append);
    }
  }

  private List<Integer> broken(List<String> lines) throws IOException {
    Files.write(file, lines, StandardCharsets.UTF_8);
    return TimelineFile.readable(run).chain().broken();
  }
}
