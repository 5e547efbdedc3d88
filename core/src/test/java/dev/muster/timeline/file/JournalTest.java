package dev.muster.timeline.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.timeline.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path run;

  @Test
  void everyKindOfEventIsReadBackAsItWasWritten() {
    assertThat(Samples.EVENTS.stream().map(Object::getClass).collect(Collectors.toSet()))
        .isEqualTo(Set.of(Event.class.getPermittedSubclasses()));

    write(Samples.EVENTS);

    assertThat(TimelineFile.read(run))
        .isEqualTo(new TimelineFile(Samples.EVENTS, false, Map.of(), List.of(), Chain.WHOLE));
  }

  @Test
  void aLineIsAJsonObjectWithItsTypeAndAReadableTime() throws IOException {
    write(List.of(Samples.EVENTS.get(1)));

    assertThat(Files.readString(run.resolve("timeline.jsonl")))
        .startsWith(
            "{\"type\":\"PhaseStarted\",\"stamp\":{\"at\":\"2026-01-02T03:04:05.123456789Z\","
                + "\"source\":\"engine\",\"sourceTime\":null,\"uncertainty\":\"PT0S\"},"
                + "\"phase\":\"baseline\",\"chain\":\"")
        .matches("[^\n]*[0-9a-f]{32}\"}\n");
  }

  @Test
  void anEventIsInTheFileBeforeAppendReturns() {
    try (var journal = Journal.open(run)) {
      for (int i = 0; i < Samples.EVENTS.size(); i++) {
        journal.append(Samples.EVENTS.get(i));
        assertThat(TimelineFile.read(run).events()).hasSize(i + 1);
      }
    }
  }

  @Test
  void aFileThatWasDeletedOrReplacedIsNotWrittenTo() throws IOException {
    try (var journal = Journal.open(run)) {
      journal.append(Samples.EVENTS.getFirst());
      journal.check();
      Files.delete(run.resolve("timeline.jsonl"));
      assertThatThrownBy(journal::check)
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("it was deleted");
      assertThatThrownBy(() -> journal.append(Samples.EVENTS.getFirst()))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("it was deleted");
      Files.writeString(run.resolve("timeline.jsonl"), "");
      assertThatThrownBy(() -> journal.append(Samples.EVENTS.getFirst()))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("another file is in its place");
    }
  }

  @Test
  void whereverTheFileWasCutAllWholeEventsAreReadAndWritingGoesOn() throws IOException {
    var events = Samples.EVENTS.subList(0, 4);
    write(events);
    var file = run.resolve("timeline.jsonl");
    var whole = Files.readAllBytes(file);
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      int lines = count(whole, cut) + (cut < whole.length && whole[cut] == '\n' ? 1 : 0);
      boolean clean =
          cut == 0 || whole[cut - 1] == '\n' || (cut < whole.length && whole[cut] == '\n');

      var read = TimelineFile.read(run);

      assertThat(read.events()).as("cut at %d", cut).isEqualTo(events.subList(0, lines));
      assertThat(read.torn()).as("cut at %d", cut).isEqualTo(!clean);

      write(List.of(Samples.EVENTS.getLast()));
      var resumed = TimelineFile.read(run);
      assertThat(resumed.torn()).isFalse();
      assertThat(resumed.events())
          .as("cut at %d", cut)
          .hasSize(lines + 1)
          .endsWith(Samples.EVENTS.getLast());
    }
  }

  @Test
  void aBrokenLineInTheMiddleIsToldWithItsNumber() throws IOException {
    write(Samples.EVENTS.subList(0, 2));
    append("{\"type\":\"RunEnded\"}\n");
    write(Samples.EVENTS.subList(2, 3));

    assertThatThrownBy(() -> TimelineFile.read(run))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("timeline.jsonl:3: not an event: no time is given");
  }

  @Test
  void eventsOfAnotherVersionAreCountedAndPassedOver() throws IOException {
    append("{\"type\":\"MoonRose\",\"stamp\":{\"at\":\"2026-01-02T03:04:05Z\"},\"phase\":1}\n");
    append("{\"type\":\"MoonRose\"}\n");
    append(
        "{\"type\":\"RunEnded\",\"stamp\":{\"at\":\"2026-01-02T03:04:05Z\",\"source\":\"engine\","
            + "\"uncertainty\":\"PT0S\",\"moon\":1},\"new\":[1]}\n");

    var read = TimelineFile.read(run);

    assertThat(read.events()).hasSize(1);
    assertThat(read.unknown()).isEqualTo(Map.of("MoonRose", 2));
  }

  @Test
  void aFullDiskIsToldAndLeavesNoHalfLine() throws IOException {
    var link = Files.createSymbolicLink(run.resolve("timeline.jsonl"), Path.of("/dev/full"));
    try (var journal = Journal.open(run)) {
      assertThatThrownBy(() -> journal.append(Samples.EVENTS.getFirst()))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("No space left on device");
    }
    Files.delete(link);
  }

  @Test
  void aFolderThatCanNotBeMadeIsTold() throws IOException {
    var file = Files.createFile(run.resolve("file"));
    assertThatThrownBy(() -> Journal.open(file.resolve("run")))
        .isInstanceOf(JournalException.class)
        .hasMessageStartingWith("can not make the run folder");
  }

  @Test
  void aSecondWriterIsRefused() {
    try (var _ = Journal.open(run)) {
      assertThatThrownBy(() -> Journal.open(run))
          .isInstanceOf(JournalException.class)
          .hasMessageContaining("is being written by another muster");
    }
    Journal.open(run).close();
  }

  @Test
  void anInterruptedThreadStillWrites() {
    try (var journal = Journal.open(run)) {
      Thread.currentThread().interrupt();
      journal.append(Samples.EVENTS.getFirst());
      assertThat(Thread.interrupted()).isTrue();
      journal.append(Samples.EVENTS.getLast());
    }
    assertThat(TimelineFile.read(run).events()).hasSize(2);
  }

  @Test
  void manyThreadsWriteWholeLines() {
    try (var journal = Journal.open(run)) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 200; i++) {
          var event = Samples.EVENTS.get(i % Samples.EVENTS.size());
          threads.execute(() -> journal.append(event));
        }
      }
    }
    assertThat(TimelineFile.read(run).events()).hasSize(200);
  }

  @Test
  void aFolderWithoutATimelineIsNoRun() {
    assertThatThrownBy(() -> TimelineFile.read(run))
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("it is not a run's folder");
  }

  private void write(List<Event> events) {
    try (var journal = Journal.open(run)) {
      events.forEach(journal::append);
    }
  }

  private void append(String text) throws IOException {
    Files.writeString(
        run.resolve("timeline.jsonl"), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static int count(byte[] bytes, int until) {
    return (int) IntStream.range(0, until).filter(i -> bytes[i] == '\n').count();
  }
}
